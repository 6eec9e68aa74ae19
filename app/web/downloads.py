"""Downloads: files behind signed links, which need no header."""

from starlette.requests import Request
from starlette.responses import Response

from app.domain.languages import read_language
from app.domain.refusals import Denied
from app.services.health.downloads import open_download
from app.services.kernel.env import Env
from app.web.answers import NOT_KEPT, refused
from app.web.requests import BadRequest


class Downloads:
    """Serves what links lead to; the right is checked again at each download."""

    def __init__(self, env: Env) -> None:
        self._env = env

    async def serve(self, request: Request) -> Response:
        """Return the file, or 404 when the link doesn't work any more, whyever."""
        language = read_language(request.headers.get("accept-language"))
        try:
            file = await open_download(self._env, request.path_params["token"], language)
        except Denied:
            return refused(BadRequest("LINK_OVER", _PRIVATE), language)
        disposition = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return Response(
            file.content, media_type=file.media_type, headers={**_PRIVATE, **disposition}
        )


_PRIVATE = {**NOT_KEPT, "Referrer-Policy": "no-referrer"}
