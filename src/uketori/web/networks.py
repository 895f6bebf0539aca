"""From where somebody asks, as it is counted: one function for every limit.  R-17.

Whoever has IPv6 at home has 2⁶⁴ addresses, so there the network counts and not the address.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.http import HttpRequest

NETWORK_BITS = 64
WITH_PORT = re.compile(r"(?P<v4>[0-9.]+):[0-9]+|\[(?P<v6>[0-9A-Fa-f:.]+)\](:[0-9]+)?")
"""``192.0.2.1:4711``, ``[2001:db8::1]:4711``, ``[2001:db8::1]``: so some proxies write it."""


def address_in(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that was written, without port and zone, or None.

    An IPv4 address inside of IPv6 (``::ffff:192.0.2.1``) is the IPv4 one.
    """
    written = text.strip()
    if found := WITH_PORT.fullmatch(written):
        written = found["v4"] or found["v6"]
    try:
        address = ip_address(written.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_from_here(request: HttpRequest) -> bool:
    """Tell whether this machine asks."""
    address = address_in(request.META.get("REMOTE_ADDR", ""))
    return address is not None and address.is_loopback


def network_of(request: HttpRequest) -> str | None:
    """Return what is counted: the IPv4 address, or the first one of the IPv6 network; or None.

    None if the web server was told nothing, as behind a socket: they all are counted together.
    """
    address = address_in(request.META.get("REMOTE_ADDR", ""))
    if isinstance(address, IPv6Address):
        address = IPv6Network((address.packed, NETWORK_BITS), strict=False).network_address
    return str(address) if address else None
