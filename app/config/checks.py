"""What the settings must be together, and in production: a sentence for each that isn't so."""

from collections.abc import Iterator
from ipaddress import ip_address
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from app.config.settings import Settings

SHORTEST_SECRET: Final = 32
_FEWEST_CHARACTERS: Final = 10  # different ones: 32 random hex digits have 14 or so


def contradictions(settings: Settings) -> Iterator[str]:
    """Yield what can't be so, wherever the server runs."""
    if not settings.sandbox_on:
        for system, gateway in settings.gateways.items():
            if not gateway.url:
                yield f"GROUPCODE_{system.upper()}_URL: must be set where the sandbox is off."
    if settings.redis_url and settings.database_url.startswith("sqlite"):
        yield (
            "GROUPCODE_REDIS_URL: several processes need GROUPCODE_DATABASE_URL=postgres://…;"
            " SQLite serves one."
        )
    if settings.database_read_url and settings.database_url.startswith("sqlite"):
        yield (
            "GROUPCODE_DATABASE_READ_URL: is a replica of GROUPCODE_DATABASE_URL=postgres://…;"
            " SQLite has none."
        )
    if settings.redis_url and settings.sandbox_in_process:
        yield (
            "GROUPCODE_SANDBOX_URL: several processes need one sandbox to share:"
            " run `groupcode sandbox` and name its address."
        )
    if settings.documents_only and not settings.documents and not settings.dashboard_on:
        yield (
            "GROUPCODE_DOCUMENTS: must name the manifests of the documents that are to run, where"
            " GROUPCODE_DOCUMENTS_ONLY is on."
        )
    yield from _unfit_secrets(settings)


def _unfit_secrets(settings: Settings) -> Iterator[str]:
    if settings.secret_key.get_secret_value() and settings.secret_keys.get_secret_value():
        yield (
            "GROUPCODE_SECRET_KEYS: holds all keys, the newest first; unset GROUPCODE_SECRET_KEY"
            " beside it."
        )
        return
    name = f"GROUPCODE_{settings.secret_setting.upper()}"
    secrets = settings.secrets
    if len(set(secrets)) < len(secrets):
        yield f"{name}: holds the same key twice."
    for secret in secrets:
        if len(secret) < SHORTEST_SECRET:
            yield f"{name}: must have at least {SHORTEST_SECRET} characters{_each(secrets)}."
            return


def _each(secrets: tuple[str, ...]) -> str:
    return " a key" if len(secrets) > 1 else ""


def unfit_for_production(settings: Settings) -> Iterator[str]:
    """Yield what a developer's machine may do and production may not."""
    if settings.sandbox_on:
        yield "GROUPCODE_SANDBOX: the sandbox must be off (0) in production."
    yield from _weak_secrets(settings)
    if not settings.public_url:
        yield (
            "GROUPCODE_PUBLIC_URL: must be set in production: links to people begin with it, as in"
            " https://groups.example.org."
        )
    elif not is_sheltered(settings.public_url):
        yield "GROUPCODE_PUBLIC_URL: must be an https:// address in production."
    if not settings.plain_gateways and not settings.sandbox_on:
        yield from _plain_gateways(settings)


def _weak_secrets(settings: Settings) -> Iterator[str]:
    if not settings.secrets:
        yield "GROUPCODE_SECRET_KEY: must be set in production."
    for secret in settings.secrets:
        if len(secret) >= SHORTEST_SECRET and (why := why_guessable(secret)):
            yield (
                f"GROUPCODE_{settings.secret_setting.upper()}: can be guessed: {why}. Make one by"
                " `openssl rand -base64 48`."
            )


def _plain_gateways(settings: Settings) -> Iterator[str]:
    for system, gateway in settings.gateways.items():
        if gateway.url and not is_sheltered(gateway.url):
            yield (
                f"GROUPCODE_{system.upper()}_URL: must be an https:// address in production: ID"
                " numbers go there. GROUPCODE_PLAIN_GATEWAYS=1 allows http:// within a network"
                " that nobody else hears."
            )


def why_guessable(secret: str) -> str | None:
    """Return why a secret isn't random enough; None if nothing tells against it."""
    if len(set(secret)) < _FEWEST_CHARACTERS:
        return f"it has fewer than {_FEWEST_CHARACTERS} different characters"
    if secret in (secret + secret)[1:-1]:
        return "it repeats itself"
    steps = [abs(ord(after) - ord(before)) for before, after in pairwise(secret)]
    if sum(step <= 1 for step in steps) > len(steps) * 3 / 4:  # half of them may be so by chance
        return "its characters follow one another"
    return None


def is_sheltered(url: str) -> bool:
    """Return whether nobody on the way reads what goes to an address: https, or this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
