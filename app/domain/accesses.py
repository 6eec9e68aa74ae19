"""What is noted of who reads members' details."""

from enum import StrEnum


class AccessKind(StrEnum):
    """What a manager did with the details of a group's members."""

    VIEWED = "VIEWED"
    EXPORTED = "EXPORTED"
