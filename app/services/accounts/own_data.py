"""Everything that is kept of one person, as a file for themselves (R43)."""

from typing import Final

from app.models.accounts import Account
from app.services.accounts.own_organisations import of_organisations
from app.services.accounts.own_rows import OfAccount, OfPerson
from app.services.accounts.shown import as_file
from app.services.kernel.env import Env, Viewer

# Where the file tells of each table that knows people, by the path to its part.
EXPORTED: Final = {
    "access_day": "accesses",
    "access_spell": "accesses",
    "account": "account",
    "anomaly": "memberships",
    "consent": "consents",
    "day_report": "reports",
    "device": "account.devices",
    "former_member": "formerMemberships",
    "group_event": "events",
    "groups": "groupsCreated",
    "guardianship": "wards",
    "health_record": "healthRecord",
    "invitation": "invitations",
    "leave_request": "memberships",
    "membership": "memberships",
    "organisation": "organisations",
    "organisation_code": "organisationCodes",
    "overseer": "oversights",
    "person": "person",
    "refresh_run": "refreshes",
    "relative": "relatives",
    "roster_entry": "roster",
    "session": "account.sessions",
    "sms": "account.messages",
    "verification": "account.verifications",
    "verification_code": "account.verificationCodes",
}
# The tables that it doesn't tell of, and why not.
LEFT_OUT: Final = {
    "data_version": "a key that changes with a group's data: nothing about anybody",
    "day_count": "counts of a group by day: nothing about anybody",
    "due_work": "ids of work to be done, and when: nothing about anybody",
    "key_check": "by what a wrong key is known: nothing about anybody",
    "keyed_request": "what the account itself was answered within the last day, to be repeated",
    "organisation_above": "which organisation stands above which: nothing about anybody",
    "organisation_day": "rounded counts of an organisation by day: nothing about anybody",
    "process": "which servers and workers live: nothing about anybody",
    "quota": "how often something was asked for lately, under a hash that names nobody",
    "shown_count": "counts of a group, rounded: nothing about anybody",
    "shown_day": "the same by day",
    "reminder_schedule": "when a group reminds: nothing about anybody",
    "refresh_token": "hashes of secrets: each belongs to a session, which is told",
    "section": "names of a group's parts; which one somebody is in stands in their memberships",
}


async def collect_own_data(env: Env, viewer: Viewer) -> bytes:
    """Collect what is kept of the viewer, as JSON."""
    account = await Account.get(id=viewer.account_id)
    data: dict[str, object] = {
        "madeAt": env.clock.now(),
        "account": await OfAccount(env, viewer, account).collect(),
    }
    if viewer.person_id is not None:
        data |= await OfPerson(env, viewer.person_id).collect()
        data |= await of_organisations(viewer.person_id)
    return as_file(data)
