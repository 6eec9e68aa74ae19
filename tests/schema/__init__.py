"""What front ends read of the schema, and the right that each operation needs."""
