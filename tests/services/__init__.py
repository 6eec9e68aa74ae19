"""What services do when work, writers or answers meet; and what they make without a database."""
