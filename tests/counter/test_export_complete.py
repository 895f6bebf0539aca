"""No personal field is forgotten in the file a person takes along.  D23.

Each field that a model declares as personal gets a value of its own; either the file holds it, or
the field stands here with the reason why not.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests import factories, situations
from tests.policies import at
from tests.situations import AtMoment
from uketori.counter.models import Call
from uketori.intermediaries.export import export_of
from uketori.intermediaries.models import AddressChange, ClaimRequest, KeptInput, MailAddress
from uketori.intermediaries.proof import tokens
from uketori.reservations.models import CaseChange, Reservation

pytestmark = pytest.mark.django_db

TUESDAY, TEN = at("2026-06-09 16:00"), at("2026-06-11 10:00")

NOT_TOLD = {
    "Account.username": "of the staff",
    "Account.name": "of the staff",
    "Account.email": "of the staff",
    "Certificate.number_key": "made from the number, which is told as typed",
    "ReservedCase.number_key": "made from the number, which is told as typed",
    "MailProof.address": "of those that were used it is the address itself; told as mail_address",
    "OutgoingMail.recipient": "the address itself, told as mail_address",
    "FailedAttempt.domain": "the last part of the address itself",
}
"""Why a declared field is not in the file."""
JSON_TEXT = {"Draft.content", "KeptInput.content"}


def declared() -> Iterator[tuple[type[models.Model], str]]:
    for config in apps.get_app_configs():
        for model in config.get_models() if config.name.startswith("uketori.") else ():
            for name in sorted(import_module(model.__module__).PERSONAL_FIELDS):
                if name.startswith(f"{model.__name__}."):
                    yield model, name


DECLARED = list(declared())
TOLD = [one for one in DECLARED if one[1] not in NOT_TOLD]


@pytest.fixture
def address(at_moment: AtMoment) -> MailAddress:
    """青木's address, with a row of everything that can be held about somebody."""
    at_moment(TUESDAY)
    claim = situations.aoki()
    factories.draft(claim)
    factories.suspension(claim.intermediary, date(2026, 6, 1), date(2026, 7, 10))
    _at_the_counter(factories.reservation(claim, TEN, 2))
    KeptInput.objects.create(
        mail_address=claim.mail_address, page="/osaka/x", content="{}", kept_at=TUESDAY
    )
    _requests(claim.mail_address, claim.certificate_id)
    return claim.mail_address


def _at_the_counter(held: Reservation) -> None:
    Call.objects.create(
        reservation=held,
        kind="other",
        called_at=TUESDAY,
        is_after_deadline=False,
        is_before_visit=True,
        recorded_at=TUESDAY,
        actor="staff:1",
    )
    CaseChange.objects.create(
        reservation=held,
        case=held.cases.get(order=1),
        kind="corrected",
        before={"number": "1"},
        after={"number": "2"},
        actor="mail:1",
        revision=2,
        changed_at=TUESDAY,
    )


def _requests(address: MailAddress, certificate: int) -> None:
    both: dict[str, Any] = {
        "bureau": "osaka",
        "mail_address": address,
        "requested_at": TUESDAY,
        "expires_at": TUESDAY + timedelta(hours=1),
    }
    seed = {"seed": tokens.new_seed(), "token_digest": "1"}
    last_day = date(2028, 3, 31)
    ClaimRequest.objects.create(
        certificate_id=certificate, asked=address, expires_on=last_day, **both, **seed
    )
    AddressChange.objects.create(**both, **seed)


def test_not_told__only_what_is_declared() -> None:
    assert set(NOT_TOLD) <= {name for _model, name in DECLARED}


@pytest.mark.parametrize(("model", "name"), TOLD, ids=[name for _model, name in TOLD])
def test_personal_field__has_a_value__in_the_file(
    address: MailAddress, model: type[models.Model], name: str
) -> None:
    field = model._meta.get_field(name.split(".")[1])
    value: object = f"*{name}*"
    if isinstance(field, models.JSONField):
        value = {"number": value}
    elif name in JSON_TEXT:
        value = json.dumps({"typed": value})

    changed = model._default_manager.update(**{field.name: value})

    assert changed, "no row to try it with: add one to what 青木 has"
    address.refresh_from_db()
    assert f"*{name}*" in json.dumps(export_of(address, TUESDAY), ensure_ascii=False)
