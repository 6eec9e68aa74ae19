"""Which servers are about to stop: their connections end with their next answer."""

from weakref import WeakSet

from uvicorn.config import Config

PARTING: WeakSet[Config] = WeakSet()  # by what uvicorn hands to each connection
