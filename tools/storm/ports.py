"""Free ports of the loopback."""

import socket
from contextlib import ExitStack, suppress
from random import SystemRandom
from typing import Final

# Below the ports that the kernel hands to clients: one that tries again while a server starts
# anew could be handed the server's own port, and connect to itself.
_LOWEST: Final = 30_000
_HIGHEST: Final = 32_700


def free_ports(number: int) -> list[int]:
    """So many ports that nobody listens on."""
    with ExitStack() as stack:
        ports: list[int] = []
        while len(ports) < number:
            port = SystemRandom().randrange(_LOWEST, _HIGHEST)
            with suppress(OSError):
                listening = stack.enter_context(socket.socket())
                listening.bind(("127.0.0.1", port))
                ports.append(port)
        return ports
