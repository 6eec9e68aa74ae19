"""What every use case builds on: its transaction, its surroundings, rights, reading of input."""
