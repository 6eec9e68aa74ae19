"""Whether a request's head means one thing only: what another reads otherwise could hide a request.

The parser refuses two lengths, and a length beside an encoding; what it lets pass is refused here.
"""

from collections.abc import Sequence
from typing import Final

_VERSIONS: Final = ("1.0", "1.1")


def is_sound(version: str, headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Return whether a head names one host, and no encoding of its body that we don't take off.

    ``headers``: with names in small letters. Before HTTP/1.1 a host may be left out.
    """
    hosts = 0
    for name, value in headers:
        if name == b"host":
            hosts += 1
        elif name == b"transfer-encoding" and value.strip().lower() != b"chunked":
            return False
    return version in _VERSIONS and (hosts == 1 or (hosts == 0 and version != "1.1"))
