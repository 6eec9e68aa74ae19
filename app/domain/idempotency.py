"""Idempotency keys: by which a client says that a request is the one it sent before."""

import re
from typing import Final

from app.domain.limits import IDEMPOTENCY_KEY_LENGTH
from app.domain.refusals import BadInput

_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_VISIBLE: Final = re.compile(rf"[\x21-\x7e]{{1,{IDEMPOTENCY_KEY_LENGTH}}}", re.ASCII)


def read_key(text: str) -> str:
    """Return the key that a header's text stands for: in quotes as a structured field, or bare.

    Raise ``BadInput`` for what isn't 1 to 255 visible characters of ASCII.
    """
    bare = text.strip(" \t")
    quoted = _QUOTED.fullmatch(bare)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else bare
    if not _VISIBLE.fullmatch(key) or (not quoted and '"' in key):
        raise BadInput("IDEMPOTENCY_KEY_INVALID", longest=IDEMPOTENCY_KEY_LENGTH)
    return key
