"""Addresses: what counts as one."""

import ipaddress


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv6 household, whatever the last 64 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
