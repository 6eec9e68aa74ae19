"""What the events of a group's log are about (R34)."""

from app.domain.events import Event, EventType, subject_of

ABOUT = {
    "Invitation": {"INVITATION_POLICY_SET", "INVITATION_CREATED", "INVITATION_WITHDRAWN"},
    "Section": {"SECTION_CREATED", "SECTION_UPDATED", "SECTION_REMOVED"},
    "RefreshRun": {"REFRESH_STARTED", "REFRESH_ENDED"},
    "Member": {
        "GROUP_CREATED",
        "GROUP_UPDATED",
        "GROUP_OFFERED",
        "GROUP_OFFER_WITHDRAWN",
        "GROUP_ACCEPTED",
        "GROUP_DISSOLVED",
        "GROUP_ATTACHED",
        "GROUP_DETACHED",
        "REQUIREMENT_SET",
        "MEMBER_JOINED",
        "MEMBER_MOVED",
        "MEMBER_LEFT",
        "MEMBER_REMOVED",
        "CONSENT_WITHDRAWN",
        "REMARK_CHANGED",
        "PHONE_CHANGED",
        "ADMIN_APPOINTED",
        "ADMIN_BOUND",
        "ADMIN_DISMISSED",
        "GUARDIAN_ADDED",
        "GUARDIANS_ENDED",
        "LEAVE_REQUESTED",
        "LEAVE_CANCELLED",
        "REMINDERS_SCHEDULED",
        "REMINDERS_SENT",
        "ALERT_SENT",
        "REPORT_EXPORTED",
        "ANOMALY_OPENED",
        "ANOMALY_CHANGED",
        "ANOMALY_CLOSED",
        "COLOUR_CHANGED",
        "REASONS_CHANGED",
        "GROUP_VISITED",
        "MEMBERS_UPDATED",
        "ROSTER_CHANGED",
        "MEMBER_EXCUSED",
        "EXCUSE_ENDED",
        "MESSAGES_ENDED",
    },
}


def test_every_kind_of_fact_is_about_one_kind_of_thing() -> None:  # R34
    found = {subject: set[str]() for subject in ABOUT}
    for event in EventType:
        found[subject_of(event)].add(event.value)
    assert found == ABOUT


def test_every_fact_has_details_of_its_own() -> None:  # R34
    one, other = Event(EventType.ALERT_SENT), Event(EventType.ALERT_SENT)
    one.details["count"] = "1"
    assert other.details == {}
