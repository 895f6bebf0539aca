"""Whose address a visitor has behind a proxy: what a trusted one says, and nobody else's word."""

from typing import Any

import pytest
from django.test import Client

from tests.staff.signing_in import SECOND, type_password, with_totp
from uketori.config.proxies import behind
from uketori.staff.models import Account

PROXY, STRANGER = "10.0.0.5", "198.51.100.9"
HIRANO, OTHER = "203.0.113.7", "203.0.113.8"
AT_HOME, SAME_HOME, NEXT_HOME = "2001:db8:0:7::1", "2001:db8:0:7:ffff::9", "2001:db8:0:8::1"


def seen_by(peer: str, proxies: tuple[str, ...], **headers: str) -> dict[str, Any]:
    """Return the environment that the application is given."""
    given: dict[str, Any] = {}

    def application(environ: dict[str, Any], _start: object) -> list[bytes]:
        given.update(environ)
        return []

    behind(proxies, application)({"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", **headers}, print)
    return given


@pytest.mark.parametrize("proxies", [("10.0.0.5",), ("10.0.0.0/8",), ("192.0.2.1", "10.0.0.5")])
def test_visitor__behind_a_trusted_proxy__has_the_address_that_it_tells(
    proxies: tuple[str, ...],
) -> None:
    given = seen_by(PROXY, proxies, HTTP_X_FORWARDED_FOR=HIRANO, HTTP_X_FORWARDED_PROTO="https")

    assert (given["REMOTE_ADDR"], given["wsgi.url_scheme"]) == (HIRANO, "https")


def test_visitor__writes_an_address_before_the_proxy_s__the_proxy_s_counts() -> None:
    given = seen_by(PROXY, (PROXY,), HTTP_X_FORWARDED_FOR=f"{OTHER}, {HIRANO}")

    assert given["REMOTE_ADDR"] == HIRANO


@pytest.mark.parametrize(
    ("told", "address"),
    [
        (f"{HIRANO}:51234", HIRANO),
        (f"[{AT_HOME}]:51234", AT_HOME),
        (f"[{AT_HOME}]", AT_HOME),
        (f"::ffff:{HIRANO}", HIRANO),
        ("fe80::1%eth0", "fe80::1"),
        (f"{OTHER}, {HIRANO}, 10.0.0.9", HIRANO),
        (f"{OTHER}:1, {HIRANO}:2, 10.0.0.9:3", HIRANO),
        (f"junk, {HIRANO}", HIRANO),
        ("10.0.0.8, 10.0.0.9", "10.0.0.8"),
        # what cannot be read is nobody's address: who wrote it counts
        (f"{OTHER}, unknown", PROXY),
        (f"{OTHER}, unknown, 10.0.0.9", "10.0.0.9"),
        ("203.0.113.7:", PROXY),
        ("203.0.113.777", PROXY),
        ("'; DROP TABLE", PROXY),
        ("", PROXY),
    ],
)
def test_proxy__writes_ports_hops_or_junk__nearest_stranger_counts(told: str, address: str) -> None:
    given = seen_by(PROXY, ("10.0.0.0/8",), HTTP_X_FORWARDED_FOR=told)

    assert given["REMOTE_ADDR"] == address


def test_proxy__heard_on_a_socket_for_both_kinds__is_trusted() -> None:
    given = seen_by(f"::ffff:{PROXY}", ("10.0.0.0/8",), HTTP_X_FORWARDED_FOR=HIRANO)

    assert given["REMOTE_ADDR"] == HIRANO


@pytest.mark.parametrize("peer", [STRANGER, "", "127.0.0.1"])
def test_peer__not_a_trusted_proxy__keeps_its_own_address_and_nothing_it_said(peer: str) -> None:
    given = seen_by(peer, (PROXY,), HTTP_X_FORWARDED_FOR=HIRANO, HTTP_X_FORWARDED_PROTO="https")

    assert given["REMOTE_ADDR"] == peer
    assert given["wsgi.url_scheme"] == "http"
    assert [name for name in given if name.startswith("HTTP_X_FORWARDED_")] == []


def client_behind(proxies: tuple[str, ...], peer: str, told: str) -> Client:
    """Return the browser of whoever is told of in this header, asked for by this peer."""
    client = Client(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=told)
    if proxies:
        asked: Any = client.handler
        trusting = behind(proxies, lambda environ, _start: asked(environ))
        client.handler = lambda environ: trusting(environ, print)
    return client


def guess_from(client: Client, account: Account) -> list[int]:
    return [type_password(client, account, f"wrong{n}").status_code for n in range(5)]


@pytest.mark.django_db
def test_five_wrong_passwords__behind_one_proxy__lock_this_visitor_and_not_the_other(
    chiba: Account,
) -> None:
    with_totp(chiba)
    one, other = (client_behind((PROXY,), PROXY, told) for told in (HIRANO, OTHER))

    assert guess_from(one, chiba)[-1] == 429
    assert type_password(one, chiba).status_code == 429
    assert type_password(other, chiba).headers["Location"] == SECOND


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [(), (PROXY,)])
def test_five_wrong_passwords__an_untrusted_peer_tells_of_others__locked_whatever_it_tells(
    chiba: Account, proxies: tuple[str, ...]
) -> None:
    with_totp(chiba)
    guesses = [
        type_password(
            client_behind(proxies, STRANGER, f"203.0.113.{n}"), chiba, "wrong"
        ).status_code
        for n in range(5)
    ]

    assert guesses == [200, 200, 200, 200, 429]
    assert type_password(client_behind(proxies, STRANGER, OTHER), chiba).status_code == 429
    assert type_password(Client(REMOTE_ADDR=OTHER), chiba).headers["Location"] == SECOND


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "same", "other"),
    [
        (AT_HOME, SAME_HOME, NEXT_HOME),
        (HIRANO, f"::ffff:{HIRANO}", OTHER),
        (HIRANO, f"{HIRANO}:51234", OTHER),
    ],
)
def test_five_wrong_passwords__of_one_network__lock_all_of_it_and_no_more(
    chiba: Account, first: str, same: str, other: str
) -> None:
    """IPv6 counts by /64, IPv4 by address."""
    with_totp(chiba)

    assert guess_from(client_behind((PROXY,), PROXY, first), chiba)[-1] == 429
    assert type_password(client_behind((PROXY,), PROXY, same), chiba).status_code == 429
    assert type_password(client_behind((PROXY,), PROXY, other), chiba).headers["Location"] == SECOND


@pytest.mark.django_db
@pytest.mark.parametrize("peer", ["", "junk"])
def test_five_wrong_passwords__of_a_peer_without_address__counted_all_the_same(
    chiba: Account, peer: str
) -> None:
    with_totp(chiba)

    assert guess_from(Client(REMOTE_ADDR=peer), chiba)[-1] == 429
    assert type_password(Client(REMOTE_ADDR=HIRANO), chiba).headers["Location"] == SECOND
