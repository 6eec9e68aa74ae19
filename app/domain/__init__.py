"""The rules of the product, pure: no I/O, no clock, the standard library only."""
