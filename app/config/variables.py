"""A variable that is no setting is noticed: a misspelt one would be left out in silence."""

from collections.abc import Iterable
from difflib import get_close_matches
from re import compile as pattern
from typing import Final

from app.config.secret_files import PREFIX, SECRETS, SYSTEMS
from app.config.settings import Settings

# What Kubernetes tells every container of each service by itself.
_SERVICE_LINK: Final = pattern(r"GROUPCODE_(.*_)?(SERVICE_(HOST|PORT.*)|PORT_\d+_(TCP|UDP).*)")


def unknown_variables(environ: Iterable[str]) -> list[str]:
    """Return a sentence for each GROUPCODE_* variable that is no setting."""
    known = _known()
    return [
        f"{name}: is no setting{_meant(name, known)}."
        for name in sorted(environ)
        if name.startswith(PREFIX) and name not in known and not _SERVICE_LINK.fullmatch(name)
    ]


def _known() -> set[str]:
    names = [*Settings.model_fields]
    names += [f"{system}_{part}" for system in SYSTEMS for part in ("url", "token")]
    names += [f"{name}_file" for name in SECRETS]
    return {f"{PREFIX}{name.upper()}" for name in names}


def _meant(name: str, known: Iterable[str]) -> str:
    nearest = get_close_matches(name, sorted(known), n=1, cutoff=0.75)
    return f"; {nearest[0]} may be meant" if nearest else ""
