"""SMS: their texts, whom they reach, and the outbox they wait in (R31, R39)."""
