"""The numbers of the rules, each beside the rule that sets it."""

from datetime import timedelta
from typing import Final

OWNED_GROUPS: Final = 5  # R1
GROUP_PEOPLE: Final = 500  # R2
GROUP_ADMINS: Final = 5  # R3
GROUP_SECTIONS: Final = 50  # R50
PHONE_DORMANT_AFTER: Final = timedelta(days=90)  # R6
GROUP_OFFER_LIFE: Final = timedelta(hours=24)  # R16, our reading: like an invitation
DISSOLVED_KEPT: Final = timedelta(days=30)  # R8
INVITATION_LIFE: Final = timedelta(hours=24)  # R10
LIVE_INVITATIONS: Final = 200  # of a group at once, our reading of R9
LIVE_INVITATIONS_OF_ONE: Final = 100  # of them by one manager
FIRST_FETCH_GRACE: Final = timedelta(minutes=10)  # R14
REFRESH_INTERVAL: Final = timedelta(minutes=30)  # R25
REFRESH_DEADLINE: Final = timedelta(minutes=30)  # R25
LEAVE_WAIT: Final = timedelta(hours=24)  # R33
ACCOUNT_KEPT: Final = timedelta(days=3 * 365)  # R34: since it was used last, in no group
EXCUSE_LONGEST: Final = timedelta(days=366)  # R20, our reading: a year ahead
FORMER_KEPT: Final = timedelta(days=30)  # R34
LOG_KEPT: Final = timedelta(days=30)  # R34
ACTIVE_REFRESH_EVERY: Final = timedelta(hours=6)  # R24
INACTIVE_REFRESH_EVERY: Final = timedelta(hours=24)  # R24
INACTIVE_AFTER_DAYS: Final = 2  # R27
CAUGHT_UP_FOR: Final = timedelta(hours=4)  # R30, our reading: how late a daily time is made up for
BULK_ROWS: Final = 500  # that are sent at once, our reading: as many as a group has people
REMINDER_GAP: Final = timedelta(hours=1)  # R31
REPORT_DAYS: Final = 7  # R36, R38
COUNT_DAYS: Final = 90  # R49
COUNTED_FROM: Final = 10  # R47: members, fewer show a colour only
ROUNDED_TO: Final = 5  # R47: what counts shown to those above are multiples of
DOWNLOAD_LIFE: Final = timedelta(minutes=10)  # how long an export's link works
SMS_TRIED_FOR: Final = timedelta(hours=6)  # R39
CODE_LIFE: Final = timedelta(minutes=5)  # R40
CODE_TRIES: Final = 5  # R40
CODE_GAP: Final = timedelta(minutes=1)  # R40
CODES_A_DAY: Final = 10  # R40
CODES_KEPT: Final = 5  # R40: of those, for devices that signed in with the phone before
CODES_PER_ADDRESS: Final = 30  # R40: an hour, unless a setting says otherwise
CONNECTIONS_PER_ADDRESS: Final = 1000  # that stay open, likewise: a school may be behind one
CONNECTIONS_PER_PERSON: Final = 100  # likewise
CODE_COUNTRIES: Final = frozenset({"CN", "HK", "MO", "TW"})  # R40: likewise
DEVICE_KEPT: Final = timedelta(days=365)  # R40, our reading: since it was used last
ACCESS_TOKEN_LIFE: Final = timedelta(minutes=15)  # R40
REFRESH_TOKEN_LIFE: Final = timedelta(days=30)  # R40
VERIFICATION_LIFE: Final = timedelta(minutes=10)  # gateways: a passed one may be used so long
IDEMPOTENCY_KEPT: Final = timedelta(hours=24)  # for how long a repeated request is known
GATEWAY_PAUSE: Final = timedelta(seconds=30)  # before who was told that a system is away asks again
ORGANISATION_LEVELS: Final = 5  # R44: from a root down
GROUPS_BELOW_ROOT: Final = 10_000  # R44
ORGANISATIONS_IN_TREE: Final = 2_000  # R44, our reading: a tree must end somewhere
OVERSEERS: Final = 20  # R44: of an organisation, those who are still asked included
OWNED_ORGANISATIONS: Final = 100  # R44, our reading: of a person
OVERSIGHT_OFFER_LIFE: Final = timedelta(hours=24)  # R44, our reading: like an offered group
ORGANISATION_CODE_LIFE: Final = timedelta(hours=24)  # R45
LIVE_ORGANISATION_CODES: Final = 20  # of an organisation at once, our reading of R45
RELATIVES: Final = 50  # a family list must end somewhere

# Lengths of text that people enter, in characters.
NAME_LENGTH: Final = 60
ADDRESS_LENGTH: Final = 200
REMARK_LENGTH: Final = 60
SECTION_NAME_LENGTH: Final = 30
REASON_LENGTH: Final = 200
SEARCH_LENGTH: Final = 60
PERSON_NAME_LENGTH: Final = 60
ID_NUMBER_LENGTH: Final = 40
IDEMPOTENCY_KEY_LENGTH: Final = 255
