"""Whose address a request has behind a proxy."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Any

from uketori.web.networks import address_in

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def behind(proxies: tuple[str, ...], application: Application) -> Application:
    """Believe what the named proxies say of the visitor, and nobody else."""
    networks = [ip_network(proxy) for proxy in proxies]

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        peer = address_in(environ.get("REMOTE_ADDR", ""))
        if peer is not None and _is_one_of(networks, peer):
            hops = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
            environ["REMOTE_ADDR"] = str(_visitor(peer, hops, networks))
            scheme = environ.get("HTTP_X_FORWARDED_PROTO")
            if scheme in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
        else:
            for name in [name for name in environ if name.startswith("HTTP_X_FORWARDED_")]:
                del environ[name]
        return application(environ, start_response)

    return wrapped


def _visitor(peer: Address, hops: list[str], networks: list[Network]) -> Address:
    """Return the nearest one who is no proxy of ours.

    Each proxy writes behind what it was sent.  What cannot be read is no address, and what stands
    before it was written by nobody whom we know: then the proxy that wrote it counts.
    """
    visitor = peer
    for hop in reversed(hops):
        told = address_in(hop)
        if told is None:
            break
        visitor = told
        if not _is_one_of(networks, told):
            break
    return visitor


def _is_one_of(networks: list[Network], address: Address) -> bool:
    return any(address in network for network in networks)
