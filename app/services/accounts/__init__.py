"""Accounts: codes, sessions, verifications and the family list (R6, R12, R40)."""
