"""A client of the API, which does what a front end does: GraphQL over HTTP and WebSocket.

The demo group, the examples, the tests and the tools all use the server through it. It knows
no other part of the server, only its API and the sandbox that stands in for the outside.
"""

from app.client.people import Client
from app.client.servers import Refused, Server, mutation, resident_id

__all__ = ["Client", "Refused", "Server", "mutation", "resident_id"]
