"""Made-up data for newcomers: a group, or a tree of organisations above many of them."""
