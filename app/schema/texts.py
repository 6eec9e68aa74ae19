"""What top-level errors say, in Chinese and English, and how a text is filled."""

from collections.abc import Mapping
from typing import Final

from app.domain.languages import Language
from app.domain.text import TextFault

Texts = tuple[str, str]  # Chinese, English

# What ``{fault}`` says of a text.
FAULTS: Final[Mapping[TextFault, Texts]] = {
    TextFault.EMPTY: ("不能为空", "it is empty"),
    TextFault.TOO_LONG: (
        "最多 {longest} 个字符",
        "it can have {longest} characters at most",
    ),
    TextFault.HARMFUL: (
        "含有不能使用的字符 {character}",
        "it holds a character that can't be used: {character}",
    ),
}

TOP_LEVEL: Final[Mapping[str, Texts]] = {
    "UNAUTHENTICATED": ("请先登录。", "Sign in first."),
    "FORBIDDEN": ("您没有此权限。", "You don't have the right to do this."),
    "NOT_FOUND": ("未找到。", "Not found."),
    "RATE_LIMITED": (
        "请求过于频繁，请在 {seconds} 秒后再试。",
        "Too many requests. Try again in {seconds} seconds.",
    ),
    "UNAVAILABLE": (
        "服务暂时不可用，请在 {seconds} 秒后再试；如为修改操作，请使用相同的幂等键。",
        "The service is away. Try again in {seconds} seconds; a change, which may have been made,"
        " with the same idempotency key.",
    ),
    "INTERNAL": ("服务器内部错误，编号 {id}。", "Internal error {id}."),
    # What is wrong with the document is the library's to say, in English: ``extensions.detail``.
    "BAD_USER_INPUT": (
        "请求与接口定义不符，详见 extensions.detail。",
        "{detail}",
    ),
    "TOO_DEEP": (
        "查询过于复杂：嵌套不得超过 {most} 层。",
        "The query is too costly: it may be {most} levels deep.",
    ),
    "TOO_MANY_SELECTIONS": (
        "查询过于复杂：所选字段不得超过 {most} 个。",
        "The query is too costly: it may select {most} fields.",
    ),
    "TOO_MANY_ALIASES": (
        "查询过于复杂：字段 {field} 最多可选 {most} 次。",
        "The query is too costly: it may select {field} {most} times.",
    ),
    "TOO_MANY_DIRECTIVES": (
        "查询过于复杂：同一处最多 {most} 个指令。",
        "The query is too costly: it may have {most} directives in one place.",
    ),
    "LIST_TOO_LONG": (
        "列表过长：最多 {most} 项。",
        "A list is too long: it may have {most} values.",
    ),
    "TOO_MANY_TOKENS": (
        "查询过长：最多 {most} 个词法单元。",
        "The document is too long: it may have {most} tokens.",
    ),
    "TOO_MANY_POINTS": (
        "该操作需 {points} 点，每次操作最多 {most} 点。请减小每页条数，或分几次查询。",
        "This operation costs {points} points, and one may cost {most}. Ask for smaller pages,"
        " or in several operations.",
    ),
    "AFTER_BEYOND_NEWEST": (
        "最新的事件编号为 {newest}，after 不能更大。",
        "The newest event is number {newest}: after can't be beyond it.",
    ),
    "SEARCH_TOO_LONG": (
        "搜索词最多 {longest} 个字符。",
        "A search has {longest} characters at most.",
    ),
    "DAYS_OUT_OF_RANGE": ("天数须为 1 至 {most}。", "Ask for 1 to {most} days."),
    "ID_MALFORMED": ("ID 格式不正确。", "That is no id of ours."),
    "ID_OF_ANOTHER_TYPE": ("该 ID 不是 {expected}。", "That id is no id of the type {expected}."),
    "PAGE_TOO_LARGE": ("一页须为 0 至 {largest} 条。", "A page has 0 to {largest} nodes."),
    "PAGE_BOTH_ENDS": (
        "first 与 last 不能同时使用。",
        "Use either first or last, not both.",
    ),
    "CURSOR_MALFORMED": ("游标格式不正确。", "That is no cursor of ours."),
}


def text(texts: Texts, language: Language, **params: int | str) -> str:
    """Return one of the two texts, its gaps filled; ``fault`` by what it says."""
    fault = params.get("fault")
    if isinstance(fault, TextFault):
        params["fault"] = text(FAULTS[fault], language, **{**params, "fault": ""})
    return texts[1 if language == "en" else 0].format_map(params)
