"""What a process tells of itself to those who run it: metrics, and traces where they are asked for.

Nothing personal, and nothing that a client may choose, is ever a label or an attribute.
"""
