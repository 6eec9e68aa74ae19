"""A storm of clients on a deployment whose processes are killed, and the proof that all held."""
