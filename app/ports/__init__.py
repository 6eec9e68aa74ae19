"""The outside: a Protocol for each neighbour of the server, and its adapters."""
