"""Requests that never run: one table of what can be wrong, its HTTP status and what it says.

Whatever else is wrong with a document or its variables is BAD_USER_INPUT.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

from app.domain.languages import Language
from app.schema.document_faults import DOCUMENT_FAULTS
from app.schema.texts import Texts, text
from app.schema.transport_faults import TRANSPORT_FAULTS


class ErrorExtensions(TypedDict):
    """What clients act on."""

    code: str
    id: NotRequired[str]


class ErrorJson(TypedDict):
    """An error as answers show it."""

    message: str
    extensions: ErrorExtensions


@dataclass(frozen=True, slots=True)
class RequestFault:
    """One way in which a request can be wrong.

    ``code``: the error's ``extensions.code``, where it isn't the fault's own name.
    ``of_document``: the HTTP request is well formed, what it asks for is at fault: clients that
    take only ``application/json`` are told so with status 200.
    """

    status: int
    texts: Texts
    code: str = ""
    of_document: bool = False


REQUEST_FAULTS: Final[Mapping[str, RequestFault]] = {
    "BODY_NOT_JSON": RequestFault(400, ("请求体不是有效的 JSON。", "The body isn't valid JSON.")),
    "BODY_NOT_A_REQUEST": RequestFault(
        400,
        ("请求体须为 JSON 对象，含 query。", "The body must be a JSON object that holds query."),
    ),
    "BATCH_NOT_ALLOWED": RequestFault(
        400,
        (
            "不支持批量请求，请逐个发送。",
            "Batches aren't taken: send each operation in a request of its own.",
        ),
    ),
    "BODY_TOO_LARGE": RequestFault(
        413,
        (
            "请求体过大，最多 {most} 字节。",
            "The body is too large: it can have {most} bytes at most.",
        ),
    ),
    "URL_TOO_LONG": RequestFault(
        414,
        (
            "网址过长，请改用 POST；查询部分最多 {most} 字节。",
            "The URL is too long: its query can have {most} bytes at most. Ask by POST instead.",
        ),
    ),
    "UNSUPPORTED_MEDIA_TYPE": RequestFault(
        415,
        (
            "请求体须为 UTF-8 编码、未压缩的 JSON，Content-Type 须为 application/json。",
            "The body must be JSON in UTF-8, not compressed, with the Content-Type "
            "application/json.",
        ),
    ),
    "NOT_ACCEPTABLE": RequestFault(
        406,
        (
            "Accept 须允许 application/graphql-response+json 或 application/json。",
            "Accept must allow application/graphql-response+json or application/json.",
        ),
    ),
    "METHOD_NOT_ALLOWED": RequestFault(
        405,
        (
            "此地址不支持该方法，可用的方法见响应头 Allow。",
            "This method isn't taken here: the header Allow lists those that are.",
        ),
    ),
    "ONLY_QUERIES_BY_GET": RequestFault(
        405,
        (
            "GET 只能用于查询：变更须用 POST，订阅须经 WebSocket 或 /graphql/stream。",
            "GET is for queries alone: mutations go by POST, subscriptions over WebSocket or "
            "/graphql/stream.",
        ),
        code="METHOD_NOT_ALLOWED",
    ),
    "QUERY_MISSING": RequestFault(
        400,
        ("请求缺少 query，即 GraphQL 文档。", "The request has no query, a GraphQL document."),
    ),
    "PARAMETER_NOT_STRING": RequestFault(
        400, ("{name} 须为字符串。", "{name} must be a string."), code="PARAMETER_INVALID"
    ),
    "PARAMETER_NOT_OBJECT": RequestFault(
        400,
        ("{name} 须为 JSON 对象。", "{name} must be a JSON object."),
        code="PARAMETER_INVALID",
    ),
    "OPERATION_MISSING": RequestFault(
        400,
        ("文档中没有可执行的操作。", "The document holds no operation to run."),
        of_document=True,
    ),
    "OPERATION_UNKNOWN": RequestFault(
        400,
        (
            "文档中没有 operationName 所指的操作。",
            "The document holds no operation of the name that operationName gives.",
        ),
        of_document=True,
    ),
    "OPERATION_UNNAMED": RequestFault(
        400,
        (
            "文档含有多个操作，请以 operationName 指明要执行的操作。",
            "The document holds several operations: say by operationName which one to run.",
        ),
        of_document=True,
    ),
    "IDEMPOTENCY_KEY_INVALID": RequestFault(
        400,
        (
            "幂等键须为 1 至 {longest} 个可见的 ASCII 字符，请求头与 extensions 中给出的须一致。",
            "An idempotency key has 1 to {longest} visible ASCII characters, the same in the "
            "header and in extensions.",
        ),
    ),
    "IDEMPOTENCY_KEY_REUSED": RequestFault(
        422,
        (
            "该幂等键已用于另一个请求，请换一个。",
            "That idempotency key stands for another request already: take a new one.",
        ),
    ),
    **{
        reason: RequestFault(400, texts, of_document=True)
        for reason, texts in DOCUMENT_FAULTS.items()
    },
    **{
        reason: RequestFault(status, texts, code)
        for reason, (status, texts, code) in TRANSPORT_FAULTS.items()
    },
    "SUBSCRIPTION_NOT_HERE": RequestFault(
        400,
        (
            "订阅须经 WebSocket 或 /graphql/stream。",
            "Subscriptions go over WebSocket or /graphql/stream.",
        ),
    ),
    "NO_MUTATION_BY_GET": RequestFault(
        405,
        ("GET 不能用于变更，请用 POST。", "Mutations don't go by GET: use POST."),
        code="METHOD_NOT_ALLOWED",
    ),
    "STREAM_NOT_ACCEPTABLE": RequestFault(
        406,
        ("Accept 须允许 text/event-stream。", "Accept must allow text/event-stream."),
        code="NOT_ACCEPTABLE",
    ),
    "STREAM_UNKNOWN": RequestFault(
        404,
        (
            "没有该令牌的事件流：请先以 PUT 预留，并在预留后及时打开。",
            "There is no event stream of this token: reserve one by PUT, and open it soon.",
        ),
    ),
    "STREAM_OPEN": RequestFault(
        409, ("该事件流已打开。", "The event stream of this token is open already.")
    ),
    "OPERATION_ID_MISSING": RequestFault(
        400,
        (
            "共用事件流的操作须有 operationId（extensions 中，或 DELETE 的查询参数）。",
            "An operation of a shared event stream needs its operationId: in extensions, or for "
            "DELETE in the address.",
        ),
    ),
    "OPERATION_ID_TAKEN": RequestFault(
        409,
        ("该 operationId 正在使用。", "Another operation of this operationId is under way."),
    ),
    "TOO_MANY_OPERATIONS": RequestFault(
        429,
        (
            "一个连接最多同时进行 {most} 个操作，请求合计不超过 1 MiB。",
            "A connection carries {most} operations at once at most, of 1 MiB together.",
        ),
    ),
    "TOO_MANY_CONNECTIONS": RequestFault(
        429,
        (
            "同一账号或地址的连接过多，请稍后再试。",
            "This account or address holds too many connections. Try again later.",
        ),
    ),
    "TOO_MANY_STREAMS": RequestFault(
        503,
        ("事件流过多，请稍后再试。", "There are too many event streams. Try again later."),
        code="UNAVAILABLE",
    ),
    "STOPPING": RequestFault(
        503,
        ("服务器正在停止，请重试。", "This server is about to stop. Try again."),
        code="UNAVAILABLE",
    ),
    "ORIGIN_NOT_ALLOWED": RequestFault(
        403,
        (
            "该来源的网页未获允许，见 GROUPCODE_ALLOWED_ORIGINS。",
            "Pages of this origin aren't allowed: see GROUPCODE_ALLOWED_ORIGINS.",
        ),
    ),
    "LINK_OVER": RequestFault(
        404,
        ("链接已失效，请重新导出。", "This link doesn't work any more. Export again."),
        code="NOT_FOUND",
    ),
    "PATH_UNKNOWN": RequestFault(
        404,
        ("此地址没有内容，接口在 /graphql。", "There is nothing here: the API is at /graphql."),
        code="NOT_FOUND",
    ),
    "PAGE_FOR_PEOPLE": RequestFault(
        404,
        (
            "此地址供人在浏览器中打开，接口在 /graphql。",
            "This address is for people with a browser: the API is at /graphql.",
        ),
        code="NOT_FOUND",
    ),
}
_STATUSES: Final[Mapping[str, int]] = {
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "RATE_LIMITED": 429,
    "INTERNAL": 500,
}
_FAULT_OF_CODE: Final = {fault.code or name: fault for name, fault in REQUEST_FAULTS.items()}


def request_error(reason: str, language: Language, **params: int | str) -> ErrorJson:
    """Return what is wrong with a request as its answer shows it."""
    fault = REQUEST_FAULTS[reason]
    return {
        "message": text(fault.texts, language, **params),
        "extensions": {"code": fault.code or reason},
    }


def status_of(code: str, *, legacy: bool) -> int:
    """Return the HTTP status for an operation that never ran, by its error's code.

    ``legacy``: the client takes only ``application/json``, by which it knows an answer of
    GraphQL from another's by status 200.
    """
    fault = _FAULT_OF_CODE.get(code)
    if fault is None:
        fallback = 200 if legacy else 400
        return _STATUSES.get(code, fallback)
    return 200 if legacy and fault.of_document else fault.status
