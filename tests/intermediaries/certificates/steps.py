"""Renewing a certificate and giving a claim back, as a person in a browser does it.  D03."""

from datetime import date

from django.test import Client

from tests.answers import Answer
from uketori.intermediaries.models import CertificateClaim

NEW_NUMBER = "大取第20001号"


def renew(
    client: Client,
    claim: CertificateClaim,
    number: str = NEW_NUMBER,
    expires_on: date = date(2030, 3, 31),
) -> Answer:
    parts = {
        f"expires_on_{part}": str(getattr(expires_on, part)) for part in ("year", "month", "day")
    }
    return client.post(f"/osaka/holders/{claim.pk}/renewal", {"number": number, **parts})


def give_back(client: Client, claim: CertificateClaim) -> Answer:
    return client.post(f"/osaka/holders/{claim.pk}/removal")


def text_of(response: Answer) -> str:
    return response.content.decode()


def renewed(client: Client, claim: CertificateClaim, number: str = NEW_NUMBER) -> CertificateClaim:
    assert renew(client, claim, number).status_code == 302
    return CertificateClaim.objects.order_by("-pk")[0]
