"""The kit that tests and tools share: a world, its people, and factories by noun.

Nothing here is a test, and nothing outside ``tests/`` and ``tools/`` imports it.
"""
