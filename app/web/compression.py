"""Compression of answers that are worth it."""

from typing import Final

from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp

_SMALLEST: Final = 1024  # bytes; below, a packet is a packet
_LEVEL: Final = 5  # of 500 members within a tenth of the best there is, in a tenth of its time
_SHEETS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Compression(GZipMiddleware):
    """gzip for whoever takes it; streams of events and sheets, which are compressed, are left.

    The length of a compressed answer can betray a secret in it to somebody who makes a browser
    repeat a request with guesses of it (BREACH). That takes a browser that adds the credentials
    by itself: ours are a header that only the app's own page can add, there is no cookie.
    """

    def __init__(self, app: ASGIApp) -> None:
        excluded = (*DEFAULT_EXCLUDED_CONTENT_TYPES, _SHEETS)
        super().__init__(app, _SMALLEST, _LEVEL, exclude_content_types=excluded)
