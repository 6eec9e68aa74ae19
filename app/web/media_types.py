"""Which form of an answer a client prefers: ``Accept`` with its weights (RFC 9110)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from starlette.datastructures import Headers

JSON: Final = "application/json"
GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
HTML: Final = "text/html"
_KEPT: Final = 200  # headers: clients send one of a few
_LONGEST_KEPT: Final = 200  # characters


def preferred(accept: str | None, offers: Sequence[str]) -> str | None:
    """Return the offer that a client likes best, None if it takes none of them.

    Of offers that it likes alike: the one that it names itself, then the first.
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = [_read(part) for part in accept.split(",") if part.strip()]
    best, liked = None, (0.0, 0)
    for offer in offers:
        weight = _weigh(offer, ranges)
        if weight[0] > 0 and weight > liked:
            best, liked = offer, weight
    return best


def accepted(headers: Headers) -> str | None:
    """Return what a client accepts: a header may be sent in several lines."""
    return ", ".join(headers.getlist("accept")) or None


def graphql_media_type(headers: Headers) -> str | None:
    """Return the media type of a GraphQL answer; JSON where the client doesn't say."""
    accept = accepted(headers)
    short = accept is None or len(accept) <= _LONGEST_KEPT
    return _answer_type(accept) if short else _answer_type.__wrapped__(accept)


@lru_cache(_KEPT)
def _answer_type(accept: str | None) -> str | None:
    named = GRAPHQL_RESPONSE in (accept or "").lower()
    return preferred(accept, (GRAPHQL_RESPONSE, JSON) if named else (JSON, GRAPHQL_RESPONSE))


def wants_page(headers: Headers) -> bool:
    """Whether a client prefers a page for people to JSON, as browsers do."""
    return preferred(accepted(headers), (JSON, GRAPHQL_RESPONSE, HTML)) == HTML


def takes_page(headers: Headers) -> bool:
    """Whether a client takes a page for people and likes JSON no better: all that don't say."""
    return preferred(accepted(headers), (HTML, JSON, GRAPHQL_RESPONSE)) == HTML


def _read(part: str) -> tuple[str, float]:
    """Return one range and its weight; a weight that is none counts as absent."""
    media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media_type, min(max(float(value), 0.0), 1.0)
            except ValueError:
                break
    return media_type, 1.0


def _weigh(offer: str, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """Return the weight of an offer by the range that fits it most closely, and how closely."""
    whole = f"{offer.partition('/')[0]}/*"
    fitting = {offer: 3, whole: 2, "*/*": 1, "*": 1}
    found = [(fitting[name], weight) for name, weight in ranges if name in fitting]
    if not found:
        return 0.0, 0
    closeness, weight = max(found)
    return weight, closeness
