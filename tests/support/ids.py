"""Made-up resident ID numbers."""


def resident_id(serial: int) -> str:
    """A made-up resident ID number with a right check digit."""
    born = f"19{70 + serial % 30}{1 + serial % 12:02}{1 + serial % 28:02}"
    first = f"4401{serial // 1000 % 100:02}{born}{serial % 1000:03}"
    checksum = (1 - 2 * int(first, 13)) % 11
    return first + ("X" if checksum == 10 else str(checksum))
