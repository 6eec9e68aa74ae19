"""Mutations, a file a topic: each input beside the function that takes it.

The function turns an input into a call of a service, and its result into a payload. Refusals
become the payload's ``errors`` (``schema/errors.py``). Which right each mutation needs is on one
page, ``schema/mutations.py``.
"""
