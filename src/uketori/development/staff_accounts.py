"""Development only: three accounts of invented people, and the codes that their telephone shows.

Their names are reserved: outside development nobody signs in by them, whatever the database holds.
"""

import time
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from uketori.audit.record import record
from uketori.bureaus.policies import bureau_codes
from uketori.development.mailbox import from_here_only
from uketori.rules.permissions import Role
from uketori.staff import second_factors
from uketori.staff.models import Account, Post
from uketori.staff.reserved_names import RESERVED
from uketori.staff.sign_in_events import subject_of
from uketori.staff.words import ROLE_WORDS

PASSWORD = "mihon-no-kagi-2026"  # noqa: S105 - known to everybody, useless outside development
SECRET = "MIHONMIHONMIHONMIHONMIHONMIHONMI"  # noqa: S105 - the same
NAMES = {Role.CLERK: "見本 窓口", Role.SUPERVISOR: "見本 主任", Role.ADMINISTRATOR: "見本 管理"}
STEP_SECONDS = 30


@dataclass(frozen=True)
class InventedAccount:
    """How one of them signs in."""

    username: str
    name: str
    role: str


def fill(at: datetime) -> None:
    """Make the three accounts, with a post at every bureau; bears being run again."""
    if not settings.DEVELOPMENT:
        message = "invented accounts are for development only"
        raise RuntimeError(message)
    for role, name in NAMES.items():
        account = _account(role, name, at)
        for bureau in bureau_codes():
            Post.objects.get_or_create(account=account, bureau=bureau, defaults={"role": role})


def lines() -> list[str]:
    """Return what a person who starts the site is told."""
    usernames = "、".join(RESERVED + role for role in NAMES)
    return [
        f"{settings.SITE_URL}/dev/staff",
        f"職員の見本：{usernames}　パスワード：{PASSWORD}　確認コード：/dev/staff",
    ]


@login_not_required
@require_safe
@from_here_only
def codes(request: HttpRequest) -> HttpResponse:
    """Show how to sign in without a telephone: names, password, the code of this moment."""
    now = int(time.time())  # an authenticator application knows no moved clock
    shown = [
        InventedAccount(RESERVED + role, name, str(ROLE_WORDS[role]))
        for role, name in NAMES.items()
    ]
    context = {
        "accounts": shown,
        "password": PASSWORD,
        "code": format_hotp_value(hotp_value(SECRET, now // STEP_SECONDS)),
        "seconds_left": STEP_SECONDS - now % STEP_SECONDS,
        "secret": SECRET,
    }
    return render(request, "staff/demo.html", context)


demo_urls = [path("dev/staff", codes, name="demo_staff")]


def _account(role: Role, name: str, at: datetime) -> Account:
    account, is_new = Account.objects.get_or_create(
        username=RESERVED + role, defaults={"name": name}
    )
    if is_new:
        account.set_password(PASSWORD)
        account.save()
        facts: dict[str, object] = {"role": role.value}
        record(
            bureau="",
            kind="account_created",
            actor="system:demo",
            subject=subject_of(account),
            facts=facts,
            at=at,
        )
    if not second_factors.of(account).exists():
        TOTP.activate(account, SECRET)
    return account
