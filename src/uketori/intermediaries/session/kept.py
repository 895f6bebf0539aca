"""What was typed into a form and not sent in time, kept a few days.  D04, D13, D23."""

import json
from datetime import datetime, timedelta

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse

from uketori.bureaus.policies import bureau_codes, policy_in_force
from uketori.intermediaries import hooks
from uketori.intermediaries.models import Intermediary, KeptInput, MailAddress

NOT_TYPED = frozenset({"csrfmiddlewaretoken", "do"})
LONGEST = 40_000
"""Characters; more than any of the forms holds when a person fills it in."""
LONGEST_PAGE = 200
MOST = 20
"""Pages of one address; the one kept the longest ago makes room."""


@transaction.atomic
def keep(mail_address: MailAddress, page: str, typed: QueryDict, at: datetime) -> bool:
    """Keep what was typed, in place of what was kept of this page; tell whether it could be."""
    pairs = [(name, values) for name, values in typed.lists() if name not in NOT_TYPED]
    content = json.dumps(pairs)
    if len(content) > LONGEST or len(page) > LONGEST_PAGE:
        return False
    MailAddress.objects.select_for_update(no_key=True).get(pk=mail_address.pk)
    mail_address.kept_inputs.filter(page=page).delete()
    surplus = mail_address.kept_inputs.order_by("-kept_at", "-pk").values_list("pk", flat=True)
    KeptInput.objects.filter(pk__in=list(surplus[MOST - 1 :])).delete()
    mail_address.kept_inputs.create(page=page, content=content, kept_at=at)
    return True


def find_kept(mail_address: MailAddress, page: str) -> QueryDict:
    """Return what was kept of the page, empty if nothing."""
    kept = mail_address.kept_inputs.filter(page=page).first()
    typed = QueryDict(mutable=True)
    for name, values in json.loads(kept.content) if kept else []:
        typed.setlist(name, values)
    return typed


def forget(mail_address: MailAddress, page: str) -> None:
    """Throw away what was kept of the page."""
    mail_address.kept_inputs.filter(page=page).delete()


def move_kept_input(old: MailAddress, new: MailAddress) -> None:
    """Let what was kept follow a person to another address."""
    new.kept_inputs.filter(page__in=list(old.kept_inputs.values_list("page", flat=True))).delete()
    old.kept_inputs.update(mail_address=new)


def leave_with(
    person: Intermediary, old: MailAddress, new: MailAddress, *, is_theirs: bool
) -> None:
    """Let what was kept about a person who was moved leave the address, and about nobody with it.

    It goes along where it is theirs, and away where somebody else may have typed it.  About nobody
    is what is left when the address is empty: a stranger may hold it next.
    """
    pages = [*_pages_of_claims(person), *hooks.pages_of(person)]
    is_empty = not old.claims.filter(ended_at=None).exists()
    for kept in old.kept_inputs.all():
        if is_empty or any(f"{kept.page}/".startswith(f"{page}/") for page in pages):
            if is_theirs:
                forget(new, kept.page)
                KeptInput.objects.filter(pk=kept.pk).update(mail_address=new)
            else:
                kept.delete()
    if is_empty:
        hooks.empty(old, new if is_theirs else None)


def _pages_of_claims(person: Intermediary) -> list[str]:
    return [
        reverse("holders:revise", kwargs={"bureau": person.bureau, "claim_id": claim})
        for claim in person.claims.values_list("pk", flat=True)
    ]


def forget_old_input(at: datetime) -> None:
    """Delete what was kept as many days ago as drafts are.  D23."""
    for code in bureau_codes():
        days = timedelta(days=policy_in_force(code, at).draft_days)
        KeptInput.objects.filter(mail_address__bureau=code, kept_at__lt=at - days).delete()
