"""The sandbox's table of contents: the four contracts, the controls of testers, and their page."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from app.sandbox.clock import ClockControl, SandboxClock
from app.sandbox.family import FamilyRegistry
from app.sandbox.faults import Faults
from app.sandbox.health import HealthProvider
from app.sandbox.identity import IdentityProvider
from app.sandbox.names import Names
from app.sandbox.pages import FILES, Pages
from app.sandbox.sms import SmsGateway


def create_sandbox(clock: SandboxClock, public_url: str) -> Starlette:
    """Make a fresh outside world, to be mounted at the path that ends ``public_url``.

    ``public_url`` is where a person's browser reaches it: the urls of face checks begin with it.
    """
    faults = Faults()
    names = Names()
    health = HealthProvider(clock, faults, names)
    identity = IdentityProvider(clock, faults, names, public_url)
    family = FamilyRegistry(faults, names)
    sms = SmsGateway(clock, faults)
    time = ClockControl(clock)
    pages = Pages(public_url)
    person = "{id_type}/{id_number}"
    return Starlette(
        routes=[
            Route("/", pages.home, methods=["GET"]),
            Mount("/page", StaticFiles(directory=FILES)),
            Route("/health/records:query", health.query, methods=["POST"]),
            *_face_checks(identity, pages),
            Route("/family/relatives:query", family.query, methods=["POST"]),
            Route("/sms/messages", sms.take, methods=["POST"]),
            Route("/records", health.put_shown, methods=["PUT"]),
            Route(f"/records/{person}", health.put, methods=["PUT"]),
            Route(f"/relatives/{person}", family.put, methods=["PUT"]),
            Route("/messages", sms.show, methods=["GET"]),
            Route("/faults", faults.show, methods=["GET"]),
            Route("/faults", faults.replace, methods=["PUT"]),
            Route("/clock", time.show, methods=["GET"]),
            Route("/clock", time.advance, methods=["POST"]),
        ],
        exception_handlers={HTTPException: _refused},
    )


def _face_checks(identity: IdentityProvider, pages: Pages) -> list[Route]:
    check = "/identity/verifications/{id}"

    async def page(request: Request) -> Response:
        identity.note_opened(request)
        return await pages.face(request)

    return [
        Route("/identity/verifications", identity.start, methods=["POST"]),
        Route(check, identity.outcome, methods=["GET"]),
        Route(f"{check}/face", identity.face, methods=["POST"]),
        Route(f"{check}/face", page, methods=["GET"]),
    ]


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, HTTPException)
    return JSONResponse(
        {"error": refusal.detail}, status_code=refusal.status_code, headers=refusal.headers
    )
