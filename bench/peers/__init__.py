"""Other GraphQL servers over the same people: what ours is to be measured beside.

They read unencrypted copies and check no token, both in their favour. Each serves two of the
operations of ``bench.queries``: the heavy one and the small one.
"""
