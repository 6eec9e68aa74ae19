"""The numbers that users were promised, written out a second time."""

from datetime import timedelta

import pytest

from app.domain import limits

DAYS, HOURS, MINUTES = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

PROMISED = {
    "OWNED_GROUPS": 5,  # R1
    "GROUP_PEOPLE": 500,  # R2
    "GROUP_ADMINS": 5,  # R3
    "GROUP_SECTIONS": 50,  # R50
    "PHONE_DORMANT_AFTER": 90 * DAYS,  # R6
    "GROUP_OFFER_LIFE": 24 * HOURS,  # R16
    "DISSOLVED_KEPT": 30 * DAYS,  # R8
    "INVITATION_LIFE": 24 * HOURS,  # R10
    "LIVE_INVITATIONS": 200,  # R9
    "LIVE_INVITATIONS_OF_ONE": 100,  # R9
    "FIRST_FETCH_GRACE": 10 * MINUTES,  # R14
    "REFRESH_INTERVAL": 30 * MINUTES,  # R25
    "REFRESH_DEADLINE": 30 * MINUTES,  # R25
    "LEAVE_WAIT": 24 * HOURS,  # R33
    "EXCUSE_LONGEST": 366 * DAYS,  # R20
    "FORMER_KEPT": 30 * DAYS,  # R34
    "LOG_KEPT": 30 * DAYS,  # R34
    "ACTIVE_REFRESH_EVERY": 6 * HOURS,  # R24
    "INACTIVE_REFRESH_EVERY": 24 * HOURS,  # R24
    "INACTIVE_AFTER_DAYS": 2,  # R27
    "CAUGHT_UP_FOR": 4 * HOURS,  # R30
    "BULK_ROWS": 500,  # R16, R30
    "REMINDER_GAP": 1 * HOURS,  # R31
    "REPORT_DAYS": 7,  # R36, R38
    "COUNT_DAYS": 90,  # R49
    "COUNTED_FROM": 10,  # R47
    "ROUNDED_TO": 5,  # R47
    "DOWNLOAD_LIFE": 10 * MINUTES,
    "SMS_TRIED_FOR": 6 * HOURS,  # R39
    "CODE_LIFE": 5 * MINUTES,  # R40
    "CODE_TRIES": 5,  # R40
    "CODE_GAP": 1 * MINUTES,  # R40
    "CODES_A_DAY": 10,  # R40
    "CODES_KEPT": 5,  # R40
    "CODES_PER_ADDRESS": 30,  # R40
    "CONNECTIONS_PER_ADDRESS": 1000,
    "CONNECTIONS_PER_PERSON": 100,
    "CODE_COUNTRIES": {"CN", "HK", "MO", "TW"},  # R40
    "ACCOUNT_KEPT": 3 * 365 * DAYS,  # R34
    "DEVICE_KEPT": 365 * DAYS,  # R40
    "ACCESS_TOKEN_LIFE": 15 * MINUTES,  # R40
    "REFRESH_TOKEN_LIFE": 30 * DAYS,  # R40
    "VERIFICATION_LIFE": 10 * MINUTES,
    "IDEMPOTENCY_KEPT": 24 * HOURS,
    "GATEWAY_PAUSE": timedelta(seconds=30),
    "ORGANISATION_LEVELS": 5,  # R44
    "GROUPS_BELOW_ROOT": 10_000,  # R44
    "ORGANISATIONS_IN_TREE": 2_000,  # R44
    "OVERSEERS": 20,  # R44
    "OWNED_ORGANISATIONS": 100,  # R44
    "OVERSIGHT_OFFER_LIFE": 24 * HOURS,  # R44
    "ORGANISATION_CODE_LIFE": 24 * HOURS,  # R45
    "LIVE_ORGANISATION_CODES": 20,  # R45
    "RELATIVES": 50,
    "NAME_LENGTH": 60,
    "ADDRESS_LENGTH": 200,
    "REMARK_LENGTH": 60,
    "SECTION_NAME_LENGTH": 30,
    "REASON_LENGTH": 200,
    "SEARCH_LENGTH": 60,
    "PERSON_NAME_LENGTH": 60,
    "ID_NUMBER_LENGTH": 40,
    "IDEMPOTENCY_KEY_LENGTH": 255,
}


@pytest.mark.parametrize("name", PROMISED)
def test_no_promised_number_changes_by_a_slip(name: str) -> None:
    assert getattr(limits, name) == PROMISED[name]


def test_no_number_of_the_rules_is_left_out() -> None:
    assert set(PROMISED) == {name for name in vars(limits) if name.isupper()}
