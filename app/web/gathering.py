"""An answer's head leaves with the beginning of its body: one packet, one call of the system."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol


class Answering(Protocol):
    """What is known of an answer while it is written: uvicorn's cycle of request and response."""

    transport: asyncio.Transport
    response_started: bool
    expected_content_length: int  # of the body that is yet to come, where the head told it

    @property
    def scope(self) -> Mapping[str, Any]:
        """The request that it answers."""


class Gathering:
    """The transport of one answer, which keeps the head back until its body comes.

    A head is kept that says how long its body is, since that follows at once; streams, whose
    length nobody knows, and answers without a body aren't touched. It has what uvicorn writes
    answers by.
    """

    def __init__(self, answering: Answering) -> None:
        self._transport = answering.transport
        self._answering: Answering | None = answering
        self._head = b""

    def write(self, data: bytes) -> None:
        """Write a part of an answer, or keep its head for now."""
        answering = self._answering
        if answering is None:
            self._transport.write(data)
        elif self._head:
            self._answering = None
            self._transport.writelines((self._head, data))
        elif answering.response_started:
            if answering.expected_content_length and answering.scope["method"] != "HEAD":
                self._head = data
            else:
                self._answering = None
                self._transport.write(data)
        else:  # that the body may be sent
            self._transport.write(data)

    def is_closing(self) -> bool:
        """Return whether the connection is closed or about to be."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Close the connection once all is written."""
        if self._head and self._answering is not None:
            self._transport.write(self._head)
        self._transport.close()
