"""HTTP and WebSocket: from a connection to the schema, with coded errors for bad bodies."""
