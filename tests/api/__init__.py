"""The API over HTTP and WebSocket, as its users act: on SQLite and on PostgreSQL."""
