"""Who is signed in, made of what was read along with something else."""

from app.models.admitting import Owner
from app.ports.tokens import TokenClaims
from app.services.kernel.env import Viewer


def viewer_of(claims: TokenClaims, owner: Owner) -> Viewer:
    """Return whose session it is; a person who isn't shown any more is none (R6)."""
    person_id = owner.person_id if owner.person_shown else None
    return Viewer(claims.account_id, claims.session_id, person_id)
