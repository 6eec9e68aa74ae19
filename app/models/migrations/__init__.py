"""The database's shape, step by step; written by Tortoise, additive on SQLite."""
