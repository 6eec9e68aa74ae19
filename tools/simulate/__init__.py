"""Three weeks of a hundred groups in minutes, beside a naive model of the rules.

The server runs on a clock that stands still until it is moved; the model says what
every group must show. The two share no code: the model is written from the rules alone.
"""
