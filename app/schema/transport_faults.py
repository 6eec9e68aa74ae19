"""What is said of requests that HTTP itself can't take: too long, too slow, or none at all."""

from collections.abc import Mapping
from typing import Final

from app.schema.texts import TOP_LEVEL, Texts

TRANSPORT_FAULTS: Final[Mapping[str, tuple[int, Texts, str]]] = {
    "HTTP_MALFORMED": (400, ("请求不是有效的 HTTP。", "That is no valid HTTP."), ""),
    "HEADERS_TOO_LARGE": (
        431,
        (
            "请求头过长：最多 {most} 个，与网址合计最多 {bytes} 字节。",
            "The headers are too long: {most} at most, of {bytes} bytes at most with the URL.",
        ),
        "",
    ),
    "HEADERS_TOO_SLOW": (
        408,
        (
            "请求头未在 {seconds} 秒内到齐。",
            "The request's headers didn't arrive within {seconds} seconds.",
        ),
        "REQUEST_TIMEOUT",
    ),
    "UNAVAILABLE": (503, TOP_LEVEL["UNAVAILABLE"], ""),
    "BODY_TOO_SLOW": (
        408,
        (
            "请求体未在 {seconds} 秒内到齐，请重试。",
            "The request's body didn't arrive within {seconds} seconds. Try again.",
        ),
        "REQUEST_TIMEOUT",
    ),
}
