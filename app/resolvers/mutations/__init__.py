"""Mutations: from an input to a use case, and from its answer to a payload's fields.

Each answers the payload's result fields by name; refusals become its ``errors`` in the
schema.
"""
