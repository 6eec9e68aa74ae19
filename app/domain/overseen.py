"""How groups below an organisation are chosen and ordered (R46)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.groups import GroupColour


class OverseenOrder(StrEnum):
    """What groups below an organisation are ordered by."""

    NAME = "NAME"
    COLOUR = "COLOUR"
    TURNED_AT = "TURNED_AT"


@dataclass(frozen=True, slots=True)
class OverseenFilter:
    """Which groups below an organisation: all that isn't None must hold.

    ``active``: whether they were visited on ``active_since`` or later (R27). ``attached``: whether
    to the organisation itself.
    """

    colours: tuple[GroupColour, ...] | None = None
    active: bool | None = None
    active_since: date | None = None
    attached: bool | None = None
