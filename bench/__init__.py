"""How fast the server is, beside a hand-written floor and other servers: ``make bench``.

It plays on the servers and processes of ``tests/support``; nothing uses it.
"""
