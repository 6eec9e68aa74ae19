"""Unmodified clients of the newest versions against the server (``make test-clients``)."""
