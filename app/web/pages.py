"""Pages for people: GraphiQL, and what to do at an address that an app or a program uses.

All is shipped here: nothing is fetched from elsewhere, and no page repeats what it was sent.
"""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from app.domain.languages import Language, read_language
from app.schema.texts import Texts
from app.web.answers import refused
from app.web.media_types import wants_page
from app.web.requests import BadRequest

GRAPHIQL: Final = Path(__file__).parent / "graphiql"
_GRAPHIQL_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_STYLE: Final = (
    "body{font:1.1rem/1.7 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1rem}"
    "code{font-size:.95em}@media(prefers-color-scheme:dark){body{background:#111;color:#eee}"
    "a{color:#8cf}}"
)
_STYLE_HASH: Final = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # the address of an invitation is its secret
    "Vary": "Accept, Accept-Language",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

_INVITED: Final[Sequence[Texts]] = (
    (
        "这是加入团体的邀请链接。请在收到它的机构的应用中打开。",
        "This is an invitation to join a group. Open it in the app of the organisation that "
        "sent it to you.",
    ),
    (
        "邀请 24 小时内有效。打不开时，请向管理员索取新的邀请。",
        "An invitation is valid for 24 hours. If it doesn't open, ask the manager for a new one.",
    ),
)
_INVITED_DEVELOPERS: Final[Texts] = (
    "开发者：链接末段是令牌，用 <code>invitation(token:)</code> 查询，用 <code>joinGroup</code> "
    "加入，都在 <a href='/graphql'>/graphql</a>。",
    "For developers: the last part of the link is the token. Read it with "
    "<code>invitation(token:)</code>, join with <code>joinGroup</code>, both at "
    "<a href='/graphql'>/graphql</a>.",
)
_HOME: Final[Texts] = (
    "这里是团体码的服务器，供应用使用，接口在 <code>/graphql</code>。",
    "This is a server of Group Code. Apps use it, at <code>/graphql</code>.",
)
_HOME_DASHBOARD: Final[Texts] = (
    "<a href='/dashboard'>打开管理面板</a>：团体、成员与颜色，实时更新。",
    "<a href='/dashboard'>Open the dashboard</a>: groups, members and colours, live.",
)
_HOME_DOCUMENTS: Final[Texts] = (
    "文档随源码提供：README、<code>docs/front-ends.md</code>、<code>docs/rules.md</code>；"
    "接口的每个字段都有说明。",
    "Its documents come with the source: README, <code>docs/front-ends.md</code> and "
    "<code>docs/rules.md</code>; every field of the API describes itself.",
)
_HOME_GRAPHIQL: Final[Texts] = (
    "在 <a href='/graphql'>GraphiQL</a> 中试用接口。",
    "Try the API in <a href='/graphql'>GraphiQL</a>.",
)
_HOME_SANDBOX: Final[Texts] = (
    "外部系统由<a href='/sandbox'>沙箱</a>代替，短信也在那里。",
    "The <a href='/sandbox'>sandbox</a> stands in for the outside systems, and shows the SMS.",
)
_TITLE: Final[Texts] = ("团体码", "Group Code")


def graphiql_page() -> Response:
    """Return GraphiQL; it may load and call nothing but this server."""
    headers = {"Content-Security-Policy": _GRAPHIQL_POLICY, "Vary": "Accept"}
    return FileResponse(GRAPHIQL.with_suffix(".html"), headers=headers)


class Pages:
    """Tells people who open an address of ours in a browser what it is for."""

    def __init__(
        self, *, dashboard: bool, graphiql: bool, sandbox: bool, development: bool
    ) -> None:
        """``dashboard`` and so on: served here; ``development``: developers are told more."""
        offers = {
            _HOME_DASHBOARD: dashboard,
            _HOME_GRAPHIQL: graphiql,
            _HOME_DOCUMENTS: True,
            _HOME_SANDBOX: sandbox,
        }
        self._home = (_HOME, *(lines for lines, offered in offers.items() if offered))
        self._invited = (*_INVITED, *([_INVITED_DEVELOPERS] if development else []))

    async def home(self, request: Request) -> Response:
        """Say what this server is."""
        return _page(request, self._home)

    async def invited(self, request: Request) -> Response:
        """Say where a link to join is to be opened. Every token is answered alike, real or not."""
        return _page(request, self._invited)


def _page(request: Request, lines: Sequence[Texts]) -> Response:
    language: Language = read_language(request.headers.get("accept-language"))
    if not wants_page(request.headers):
        return refused(BadRequest("PAGE_FOR_PEOPLE"), language)
    which = 1 if language == "en" else 0
    title = escape(_TITLE[which])
    paragraphs = "".join(f"<p>{line[which]}</p>" for line in lines)
    tag = "en" if language == "en" else "zh-CN"
    return HTMLResponse(
        f'<!doctype html><html lang="{tag}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{title}</h1>{paragraphs}</body></html>",
        headers=_HEADERS,
    )
