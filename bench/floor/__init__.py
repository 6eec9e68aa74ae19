"""The floor: what a careful hand writes, one endpoint for one question.

It gives the very answers that the server gives to ``bench.queries``, from the same tables, with the
same cipher and the same checks of token, session and standing, behind the same HTTP server; without
GraphQL and without an ORM. What the server is slower by is what they cost.
"""
