"""The mutations about oneself, each with the right it needs: session, identity, family, data.

An entry is the operation, its input, its payload, who may call it, and what it does.
"""

import strawberry

from app.domain.costs import ASKING, REACHING_OUT
from app.domain.quotas import Quota
from app.schema import own_payloads as payloads
from app.schema.fields import mutation
from app.schema.operations import accounts, closing, exports, families
from app.schema.payloads import ExportPayload
from app.schema.permissions import Public, SignedIn


@strawberry.type(description="What changes something of the viewer's own.")
class OwnMutations:
    request_verification_code = mutation(
        accounts.request_verification_code,
        accounts.RequestVerificationCodeInput,
        payloads.RequestVerificationCodePayload,
        Public,
        "Send a six-digit code by SMS; it lives five minutes. One a minute, ten a day a phone.",
        weight=REACHING_OUT,
        quota=Quota.CODES,
    )
    sign_in = mutation(
        accounts.sign_in,
        accounts.SignInInput,
        payloads.SessionPayload,
        Public,
        "Open a session by phone and code.",
        quota=Quota.SIGN_INS,
    )
    refresh_session = mutation(
        accounts.refresh_session,
        accounts.RefreshSessionInput,
        payloads.SessionPayload,
        Public,
        "Exchange a refresh token for new tokens.",
        quota=Quota.RENEWALS,
    )
    sign_out = mutation(
        accounts.sign_out,
        None,
        payloads.SignOutPayload,
        SignedIn,
        "End the session; its tokens are dead at once.",
    )
    close_account = mutation(
        closing.close_account,
        closing.CloseAccountInput,
        payloads.CloseAccountPayload,
        SignedIn,
        "Erase the viewer's account at once. Consents for them, and for wards who have no other "
        "guardian, are withdrawn by it. A creator offers or dissolves their groups first.",
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
    )
    start_identity_verification = mutation(
        accounts.start_identity_verification,
        accounts.StartIdentityVerificationInput,
        payloads.StartIdentityVerificationPayload,
        SignedIn,
        "Open a face check of a real person at the provider.",
        weight=REACHING_OUT,
        quota=Quota.FACE_CHECKS,
    )
    confirm_identity = mutation(
        accounts.confirm_identity,
        accounts.ConfirmIdentityInput,
        payloads.ConfirmIdentityPayload,
        SignedIn,
        "Become real-named by a passed verification.",
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
    )
    add_relative = mutation(
        families.add_relative,
        families.AddRelativeInput,
        payloads.RelativePayload,
        SignedIn,
        "Put a relative on the family list by a check of their face.",
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
    )
    verify_relative = mutation(
        families.verify_relative,
        families.VerifyRelativeInput,
        payloads.RelativePayload,
        SignedIn,
        "Verify a relative whom the registry lists unverified, by their face.",
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
    )
    sync_relatives = mutation(
        families.sync_relatives,
        None,
        payloads.SyncRelativesPayload,
        SignedIn,
        "Bring the family list in line with the outside registry.",
        weight=REACHING_OUT,
        quota=Quota.FAMILY_LOOKUPS,
    )
    remove_relative = mutation(
        families.remove_relative,
        families.RemoveRelativeInput,
        payloads.RemoveRelativePayload,
        SignedIn,
        "Take a relative off the list; not while they are enrolled.",
    )
    export_my_data = mutation(
        exports.export_my_data,
        None,
        ExportPayload,
        SignedIn,
        "Export everything that is kept of the viewer; the link works for ten minutes.",
        quota=Quota.OWN_EXPORTS,
    )
