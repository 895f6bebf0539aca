"""Moving to another mail address, as a person in a browser does it.  D03."""

import re

from django.test import Client

from tests.answers import Answer
from uketori.intermediaries.address import change as address_change
from uketori.intermediaries.models import AddressChange, CertificateClaim
from uketori.intermediaries.proof import tokens

OLD, NEW = "aoki@example.jp", "aoki@new.example.jp"
PAGE, CODE, LIST = "/osaka/my-data/address", "/osaka/my-data/address/code", "/osaka/reservations/"


def ask(client: Client, address: str = NEW) -> Answer:
    return client.post(PAGE, {"address": address})


def change() -> AddressChange:
    return AddressChange.objects.order_by("-pk")[0]


def link() -> str:
    token = tokens.token_of(bytes(change().seed), address_change.PURPOSE)
    return f"/osaka/address/{token}"


def code() -> str:
    return tokens.code_of(bytes(change().seed), address_change.CODE_PURPOSE)


def wrong() -> str:
    return f"{(int(code()) + 1) % 10**6:06d}"


def by_link(client: Client) -> Answer:
    return client.post(link())


def by_code(client: Client) -> Answer:
    return client.post(CODE, {"code": code()})


def state_in(client: Client) -> str:
    (state,) = re.findall(r'data-link-state="(\w+)"', client.get(link()).content.decode())
    return str(state)


def is_inside(client: Client) -> bool:
    return client.get(LIST).status_code == 200


def speaks_from(claim: CertificateClaim) -> str:
    claim.refresh_from_db()
    return str(claim.mail_address.address)
