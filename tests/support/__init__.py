"""The kit that tests, tools and bench share: a world, its people, and factories by noun.

Nothing here is a test, and nothing outside ``tests/``, ``tools/`` and ``bench/`` imports it.
"""
