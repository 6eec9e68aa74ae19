"""What quotas allow within the hour, which holds in a storm, too."""

from app.domain.quotas import ALLOWANCES, Quota
from tools.storm.client import Outcome


class Allowed:
    """How often something may still be done within the hour; a lost try may have counted."""

    def __init__(self, quota: Quota) -> None:
        self.left = min(allowance.most for allowance in ALLOWANCES[quota])

    def count(self, outcome: Outcome) -> None:
        """Count it as done once more."""
        self.left -= 1 + outcome.lost

    def is_spent(self, refused: str) -> bool:
        """Whether something may be refused so because it was done too often."""
        return refused == "RATE_LIMITED" and self.left <= 0
