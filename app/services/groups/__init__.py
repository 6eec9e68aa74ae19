"""Groups: created, joined, managed, left, dissolved and erased (R1-R13, R16, R32-R35)."""
