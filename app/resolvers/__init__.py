"""The reading side: from a selection of fields to a query of rows. No rules."""
