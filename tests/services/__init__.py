"""What services make, without a database."""
