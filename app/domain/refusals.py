"""Refusals: what a user did that can't be done, and what they can do about it.

A service raises ``Refusal``; the API answers it as a coded error beside the payload.
"""

from enum import StrEnum
from typing import Final


class RefusalCode(StrEnum):
    """Everything that can be refused."""

    ACKNOWLEDGEMENT_REQUIRED = "ACKNOWLEDGEMENT_REQUIRED"
    ADDRESS_INVALID = "ADDRESS_INVALID"
    ADMIN_LIMIT_REACHED = "ADMIN_LIMIT_REACHED"
    CODES_TODAY_USED_UP = "CODES_TODAY_USED_UP"
    CODE_EXPIRED = "CODE_EXPIRED"
    CODE_REQUIRED = "CODE_REQUIRED"
    CODE_TOO_MANY_TRIES = "CODE_TOO_MANY_TRIES"
    CODE_TOO_SOON = "CODE_TOO_SOON"
    CODE_WRONG = "CODE_WRONG"
    CONDITION_REQUIRED = "CONDITION_REQUIRED"
    CONSENT_REQUIRED = "CONSENT_REQUIRED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    CREATOR_CANNOT_LEAVE = "CREATOR_CANNOT_LEAVE"
    DAY_NOT_KEPT = "DAY_NOT_KEPT"
    FAMILY_REGISTRY_UNAVAILABLE = "FAMILY_REGISTRY_UNAVAILABLE"
    FAMILY_TOO_LARGE = "FAMILY_TOO_LARGE"
    GROUP_ATTACHED_ELSEWHERE = "GROUP_ATTACHED_ELSEWHERE"
    GROUP_FULL = "GROUP_FULL"
    GROUP_LIMIT_REACHED = "GROUP_LIMIT_REACHED"
    HEALTH_CODE_NOT_CHOOSABLE = "HEALTH_CODE_NOT_CHOOSABLE"
    IDENTITY_SERVICE_UNAVAILABLE = "IDENTITY_SERVICE_UNAVAILABLE"
    ID_NUMBER_INVALID = "ID_NUMBER_INVALID"
    INVITATION_EXPIRED = "INVITATION_EXPIRED"
    INVITATION_NOT_FOUND = "INVITATION_NOT_FOUND"
    INVITATION_PAUSED = "INVITATION_PAUSED"
    INVITATION_WITHDRAWN = "INVITATION_WITHDRAWN"
    LEAVE_ALREADY_COMPLETE = "LEAVE_ALREADY_COMPLETE"
    LEAVE_NOT_REQUESTED = "LEAVE_NOT_REQUESTED"
    LEAVE_YOUR_OWN = "LEAVE_YOUR_OWN"
    MEMBER_HAS_GUARDIAN = "MEMBER_HAS_GUARDIAN"
    MEMBER_IS_ADMIN = "MEMBER_IS_ADMIN"
    MEMBER_IS_CREATOR = "MEMBER_IS_CREATOR"
    MEMBER_IS_SELF = "MEMBER_IS_SELF"
    MEMBER_NOT_ADMIN = "MEMBER_NOT_ADMIN"
    MEMBER_WITHOUT_ACCOUNT = "MEMBER_WITHOUT_ACCOUNT"
    MEMBER_WITHOUT_GUARDIAN = "MEMBER_WITHOUT_GUARDIAN"
    NAME_INVALID = "NAME_INVALID"
    NOTHING_TO_CHANGE = "NOTHING_TO_CHANGE"
    NO_REPORT_FOR_DAY = "NO_REPORT_FOR_DAY"
    OFFER_NOT_FOUND = "OFFER_NOT_FOUND"
    ORGANISATION_ATTACHED_ELSEWHERE = "ORGANISATION_ATTACHED_ELSEWHERE"
    ORGANISATION_CODE_EXPIRED = "ORGANISATION_CODE_EXPIRED"
    ORGANISATION_CODE_NOT_FOUND = "ORGANISATION_CODE_NOT_FOUND"
    ORGANISATION_FULL = "ORGANISATION_FULL"
    ORGANISATION_IN_ITSELF = "ORGANISATION_IN_ITSELF"
    ORGANISATION_LIMIT_REACHED = "ORGANISATION_LIMIT_REACHED"
    ORGANISATION_TOO_DEEP = "ORGANISATION_TOO_DEEP"
    OVERSEER_LIMIT_REACHED = "OVERSEER_LIMIT_REACHED"
    OVERSEER_NOT_ACCEPTED = "OVERSEER_NOT_ACCEPTED"
    OVERSIGHT_NOT_OFFERED = "OVERSIGHT_NOT_OFFERED"
    OWNER_CANNOT_LEAVE = "OWNER_CANNOT_LEAVE"
    PEOPLE_INVALID = "PEOPLE_INVALID"
    PERIOD_INVALID = "PERIOD_INVALID"
    PHONE_INVALID = "PHONE_INVALID"
    PHONE_NOT_ALLOWED = "PHONE_NOT_ALLOWED"
    PROMPT_INVALID = "PROMPT_INVALID"
    REASON_INVALID = "REASON_INVALID"
    REFRESH_TOKEN_INVALID = "REFRESH_TOKEN_INVALID"
    RELATIVE_ENROLLED = "RELATIVE_ENROLLED"
    RELATIVE_IS_SELF = "RELATIVE_IS_SELF"
    RELATIVE_JOINED_THEMSELVES = "RELATIVE_JOINED_THEMSELVES"
    RELATIVE_NOT_FOUND = "RELATIVE_NOT_FOUND"
    RELATIVE_NOT_VERIFIED = "RELATIVE_NOT_VERIFIED"
    REMARK_INVALID = "REMARK_INVALID"
    REMARK_REQUIRED = "REMARK_REQUIRED"
    SECTIONS_MISSING = "SECTIONS_MISSING"
    SECTION_LIMIT_REACHED = "SECTION_LIMIT_REACHED"
    SECTION_NAME_TAKEN = "SECTION_NAME_TAKEN"
    SECTION_NOT_FOUND = "SECTION_NOT_FOUND"
    SECTION_REQUIRED = "SECTION_REQUIRED"
    SMS_SERVICE_UNAVAILABLE = "SMS_SERVICE_UNAVAILABLE"
    TIME_INVALID = "TIME_INVALID"
    TOO_MANY_INVITATIONS = "TOO_MANY_INVITATIONS"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"
    TOO_MANY_CODES = "TOO_MANY_CODES"
    TREE_FULL = "TREE_FULL"
    VERIFICATION_EXPIRED = "VERIFICATION_EXPIRED"
    VERIFICATION_FAILED = "VERIFICATION_FAILED"
    VERIFICATION_MISMATCH = "VERIFICATION_MISMATCH"
    VERIFICATION_PENDING = "VERIFICATION_PENDING"
    VERIFICATION_REQUIRED = "VERIFICATION_REQUIRED"
    VERIFICATION_USED = "VERIFICATION_USED"


class Refusal(Exception):
    """The use case can't be done; nothing of it was.

    ``path`` names the input field at fault, outermost first; ``params`` fill the message.
    """

    def __init__(
        self, code: RefusalCode, *path: str | int, params: dict[str, int | str] | None = None
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.path = path
        self.params = params or {}


class Denied(Exception):
    """The viewer may not do or see this, and why: one of three that clients tell apart."""


class Unauthenticated(Denied):
    """Nobody is signed in, or the session is over."""


class Forbidden(Denied):
    """Inside the group, but without the right."""


class NotFound(Denied):
    """Not there, or not for this viewer to know."""


class RateLimited(Exception):
    """Too much was asked in too short a time; ``seconds`` later it may be asked again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class Unavailable(Exception):
    """What we stand on is away, the database or room on its disk; ``seconds`` later ask again.

    Whether what was asked for was done isn't known where it was about to be committed.
    """

    seconds: Final = 5


class BadInput(Exception):
    """An argument that no client of ours would send: a malformed id, a page too large."""

    def __init__(self, reason: str, **params: int | str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


class TooCostly(BadInput):
    """An operation that would cost more than one may."""


class KeyReused(BadInput):
    """An idempotency key that stands for another request already."""

    def __init__(self) -> None:
        super().__init__("IDEMPOTENCY_KEY_REUSED")
