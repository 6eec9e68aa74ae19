"""Addresses: what counts as one."""

import ipaddress


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv6 household, whatever the last 64 bits.

    A server that listens for both kinds sees those of IPv4 as the last bits of one of IPv6.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
