"""What managers do day by day, each with the right it needs.

An entry is the operation, its input, its payload, who may call it, and what it does.
"""

import strawberry

from app.domain.quotas import Quota
from app.schema import everyday_payloads as payloads
from app.schema.fields import mutation
from app.schema.operations import excuses, remarks, rosters, schedules
from app.schema.payloads import GroupPayload, MemberPayload
from app.schema.permissions import ManagesCharge, ManagesGroup, ManagesMembers, SwitchesAlerts


@strawberry.type(description="What managers do day by day.")
class EverydayMutations:
    update_member_remarks = mutation(
        remarks.update_member_remarks,
        remarks.UpdateMemberRemarksInput,
        payloads.RowsPayload,
        ManagesCharge,
        "Edit the remarks of up to 500 members; a row that can't be taken leaves the others be. "
        "Managers.",
        quota=Quota.BULK_EDITS,
    )
    import_roster = mutation(
        rosters.import_roster,
        rosters.ImportRosterInput,
        payloads.RowsPayload,
        ManagesGroup,
        "Put up to 500 names on the group's roster: who should be in it. Erased with the group, or "
        "by clearRoster. Managers.",
        quota=Quota.BULK_EDITS,
    )
    clear_roster = mutation(
        rosters.clear_roster,
        rosters.ClearRosterInput,
        GroupPayload,
        ManagesGroup,
        "Erase the group's roster. Managers.",
    )
    excuse_member = mutation(
        excuses.excuse_member,
        excuses.ExcuseMemberInput,
        MemberPayload,
        ManagesMembers,
        "Excuse a member from tests for a time: a missing or lapsed test is no reason meanwhile; "
        "codes and a positive result count. Managers.",
    )
    end_excuse = mutation(
        excuses.end_excuse,
        excuses.EndExcuseInput,
        MemberPayload,
        ManagesMembers,
        "End a member's excuse from tests before its time. Managers.",
    )
    set_reminder_schedule = mutation(
        schedules.set_reminder_schedule,
        schedules.SetReminderScheduleInput,
        GroupPayload,
        ManagesGroup,
        "Have whoever meets a condition reminded at a time of the day, on some days of the week. "
        "Managers.",
    )
    clear_reminder_schedule = mutation(
        schedules.clear_reminder_schedule,
        schedules.ClearReminderScheduleInput,
        GroupPayload,
        ManagesGroup,
        "Remind by the schedule no more. Managers.",
    )
    set_daily_digest = mutation(
        schedules.set_daily_digest,
        schedules.SetDailyDigestInput,
        GroupPayload,
        SwitchesAlerts,
        "Be sent a digest of the group by SMS each day at a time, or none any more. Managers.",
    )
