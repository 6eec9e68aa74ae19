"""`groupcode` as a process that fails in every way a log could tell of, when it is asked to.

`python -m tests.support.noisy_server serve`; then each `/noise/<name>` makes one noise. All
texts quote the secret that comes in the request.
"""

import asyncio
import gc
import logging
import threading
import warnings
from collections.abc import Callable
from unittest.mock import patch

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.cli import main as groupcode
from app.main import Server, create_server

LIBRARY = logging.getLogger("some.library")


def fail(secret: str) -> None:
    raise ValueError(secret)


def error(secret: str) -> None:
    try:
        fail(secret)
    except ValueError as failure:
        raise RuntimeError(secret) from failure


def group(secret: str) -> None:
    failures: list[Exception] = []
    for act in (fail, error):
        try:
            act(secret)
        except (ValueError, RuntimeError) as failure:
            failures.append(failure)
    raise ExceptionGroup(secret, failures)


def warning(secret: str) -> None:
    warnings.warn(f"about {secret}", stacklevel=1)


def template(secret: str) -> None:
    LIBRARY.warning("it was %s", secret, extra={"detail": secret})


def text(secret: str) -> None:
    LIBRARY.warning(f"it was {secret}")


def caught(secret: str) -> None:
    try:
        error(secret)
    except RuntimeError as failure:
        LIBRARY.exception(failure)


def thread(secret: str) -> None:
    failing = threading.Thread(target=fail, args=[secret])
    failing.start()
    failing.join()


def callback(secret: str) -> None:
    asyncio.get_running_loop().call_soon(fail, secret)


def task(secret: str) -> None:
    async def failing() -> None:
        fail(secret)

    asyncio.get_running_loop().create_task(failing()).add_done_callback(lambda _: gc.collect())


def ignored(secret: str) -> None:
    class Failing:
        def __del__(self) -> None:
            fail(secret)

    Failing()


NOISES: dict[str, Callable[[str], None]] = {
    noise.__name__: noise
    for noise in (
        error, group, warning, template, text, caught, thread, callback, task, ignored,
    )
}  # fmt: skip


async def make_noise(request: Request) -> Response:
    NOISES[request.path_params["name"]](request.headers["secret"])
    return Response()


def with_noises(server: Server) -> Server:
    """The server with its noises, behind its own last resort."""
    server.app.router.routes.insert(0, Route("/noise/{name}", make_noise))
    return server


if __name__ == "__main__":
    noisy = "app.serving.create_server"
    with patch(noisy, lambda settings: with_noises(create_server(settings))):
        groupcode()
