"""What every use case stands on: its transaction, its surroundings, rights, reading of input."""
