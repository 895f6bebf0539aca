"""Slips in well-known domains are asked back; old carrier forms are known as such.  R-15."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uketori.rules.mail_address import (
    CARRIER_DOMAINS,
    COMMON_DOMAINS,
    NEIGHBOURS,
    is_carrier_address,
    is_old_carrier_form,
    likely_meant,
)

LOCALS = st.text("abcdefghijklmnopqrstuvwxyz0123456789._-+", min_size=1, max_size=20)
SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789.-"
DOMAINS = st.text(SIGNS, min_size=1, max_size=20)
LONG = [domain for domain in COMMON_DOMAINS if len(domain) >= 9]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.cm", "gmail.com"),
        ("g-mail.com", "gmail.com"),
        ("gmail.co.jp", "gmail.com"),
        ("gmail.jp", "gmail.com"),
        ("gmail", "gmail.com"),
        ("gmail,com", "gmail.com"),
        ("yahoo.co.jo", "yahoo.co.jp"),
        ("yaho.co.jp", "yahoo.co.jp"),
        ("yahooo.co.jp", "yahoo.co.jp"),
        ("yahoo.cojp", "yahoo.co.jp"),
        ("icloud.co", "icloud.com"),
        ("iclould.com", "icloud.com"),
        ("icluod.com", "icloud.com"),
        ("icloud.co.jp", "icloud.com"),
        ("outlok.jp", "outlook.jp"),
        ("outlook.cm", "outlook.com"),
        ("hotmai.co.jp", "hotmail.co.jp"),
        ("hotmail.co.jo", "hotmail.co.jp"),
        ("docomo.ne.jo", "docomo.ne.jp"),
        ("docom.ne.jp", "docomo.ne.jp"),
        ("docomo.co.jp", "docomo.ne.jp"),
        ("ezweb.ne.jo", "ezweb.ne.jp"),
        ("exweb.ne.jp", "ezweb.ne.jp"),
        ("au.co", "au.com"),
        ("softbank.ne.jo", "softbank.ne.jp"),
        ("sotfbank.ne.jp", "softbank.ne.jp"),
    ],
)
def test_likely_meant__slip_in_a_well_known_domain__asked_back(typed: str, meant: str) -> None:
    assert likely_meant(f"aoki@{typed}") == f"aoki@{meant}"


@pytest.mark.parametrize(
    "domain",
    [
        "example.jp",
        "aozora-seisakusho.co.jp",
        "kaho.co.jp",
        "hotel.co.jp",
        "mail.co.jp",
        "ocn.ne.jp",
        "nifty.com",
        "biglobe.ne.jp",
        "an.com",
        "aol.com",
        "yahoo.co.uk",
        "moj.go.jp",
        "kyoto-u.ac.jp",
        *sorted(NEIGHBOURS),
    ],
)
def test_likely_meant__another_domain__left_alone(domain: str) -> None:
    assert likely_meant(f"aoki@{domain}") is None


@given(local=LOCALS, domain=st.sampled_from([*COMMON_DOMAINS, *sorted(NEIGHBOURS)]))
def test_likely_meant__exact_domain__never_asked(local: str, domain: str) -> None:
    assert likely_meant(f"{local}@{domain}") is None


@given(local=LOCALS, domain=DOMAINS)
def test_likely_meant__anything__same_local_part_at_one_of_the_ten(local: str, domain: str) -> None:
    meant = likely_meant(f"{local}@{domain}")

    assert meant is None or meant in {f"{local}@{known}" for known in COMMON_DOMAINS}
    assert meant != f"{local}@{domain}"
    assert meant is None or likely_meant(meant) is None


@given(
    domain=st.sampled_from(LONG),
    place=st.integers(0, 20),
    sign=st.sampled_from(SIGNS),
    slip=st.sampled_from(["drop", "add", "replace", "swap"]),
)
def test_likely_meant__one_slip_in_nine_signs_or_more__always_asked_or_known(
    domain: str, place: int, sign: str, slip: str
) -> None:
    place %= len(domain) - 1
    head, one, two, tail = domain[:place], domain[place], domain[place + 1], domain[place + 2 :]
    typed = {
        "drop": head + two + tail,
        "add": head + sign + one + two + tail,
        "replace": head + sign + two + tail,
        "swap": head + two + one + tail,
    }[slip]

    meant = likely_meant(f"aoki@{typed}")

    assert typed in COMMON_DOMAINS or typed in NEIGHBOURS or meant == f"aoki@{domain}"


@given(st.text(max_size=40))
def test_likely_meant__no_address_at_all__answers(text: str) -> None:
    likely_meant(text)
    is_old_carrier_form(text)


def test_common_domains__ten_and_no_neighbour() -> None:
    assert len(set(COMMON_DOMAINS)) == 10
    assert not NEIGHBOURS & set(COMMON_DOMAINS)
    assert set(COMMON_DOMAINS) >= CARRIER_DOMAINS


@pytest.mark.parametrize("local", ["a..b", "a.", ".a", ".a..b.", "a...b", "."])
@pytest.mark.parametrize("domain", sorted(CARRIER_DOMAINS))
def test_old_carrier_form__dots_against_the_standard(local: str, domain: str) -> None:
    assert is_carrier_address(f"{local}@{domain}")
    assert is_old_carrier_form(f"{local}@{domain}")


@pytest.mark.parametrize(
    "address",
    ["a.b@docomo.ne.jp", "a-b_c@au.com", "a..b@example.jp", "a..b@gmail.com", "a.@softbank.ne.jp"],
)
def test_old_carrier_form__ordinary_or_no_carrier__not(address: str) -> None:
    assert not is_old_carrier_form(address)
