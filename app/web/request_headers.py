"""Headers of a request as they arrived: for what looks at one or two of every request."""

from starlette.types import Scope


def first_header(scope: Scope, name: bytes) -> str | None:
    """Return the first value of a header; None without one. ``name``: in small letters."""
    for given, value in scope["headers"]:
        if given == name:
            return str(value, "latin-1")
    return None
