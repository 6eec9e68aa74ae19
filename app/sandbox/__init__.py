"""The outside world in small: the four systems around the server, for tests and development."""
