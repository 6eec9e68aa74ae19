"""Accounts: codes, sessions, identity verification and the family list (R6, R12, R40)."""
