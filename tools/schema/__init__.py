"""Holds the schema to its habits, and to what was promised to clients."""
