"""Making, ending and repairing accounts of the staff.  Each act leaves an event."""

import re
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from uketori.audit.record import record
from uketori.rules.permissions import Role
from uketori.staff.models import Account, Post
from uketori.staff.reserved_names import RESERVED
from uketori.staff.sign_in_events import bureau_of, subject_of

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,49}", re.ASCII)


@transaction.atomic
def create_account(
    *, bureau: str, username: str, name: str, role: Role, password: str, actor: str, at: datetime
) -> Account:
    """Make an account with a post at the bureau.  Raises ``ValidationError``, in whole sentences.

    The person adds the second factor at the first sign-in.
    """
    if not USERNAME.fullmatch(username) or username.startswith(RESERVED):
        raise ValidationError(
            _(
                "アカウント名は、英小文字、数字、ピリオド、ハイフン、下線の3文字から50文字までです。"
                "「mihon-」ではじまる名前は使えません。"
            )
        )
    if Account.objects.filter(username=username).exists():
        raise ValidationError(_("このアカウント名は、もう使われています。"))
    account = Account(username=username, name=name)
    validate_password(password, account)
    account.set_password(password)
    account.full_clean(exclude=["password", "last_login", "email"])
    account.save()
    Post.objects.create(account=account, bureau=bureau, role=role)
    _record(account, "account_created", actor, at, role=role.value)
    return account


@transaction.atomic
def deactivate(account: Account, *, actor: str, at: datetime) -> None:
    """Let the account sign in no more, and end what it has open."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sessions(account)
    _record(account, "account_deactivated", actor, at)


@transaction.atomic
def reset_second_factor(account: Account, *, actor: str, at: datetime) -> None:
    """Forget every second factor: the next sign-in asks for a new one."""
    Authenticator.objects.filter(user=account).delete()
    end_sessions(account)
    _record(account, "second_factor_reset", actor, at)


@transaction.atomic
def set_password(account: Account, password: str, *, actor: str, at: datetime) -> None:
    """Give a new password, and end what was open.  Raises ``ValidationError``."""
    validate_password(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    end_sessions(account)
    _record(account, "password_set", actor, at)


def has_administrator(bureau: str) -> bool:
    """Tell whether somebody can already manage the bureau; invented people do not count."""
    posts = Post.objects.filter(bureau=bureau, role=Role.ADMINISTRATOR, account__is_active=True)
    return posts.exclude(account__username__startswith=RESERVED).exists()


def end_sessions(account: Account) -> None:
    """Sign the account out everywhere."""
    account.session_epoch += 1
    account.save(update_fields=["session_epoch"])


def _record(account: Account, kind: str, actor: str, at: datetime, **facts: object) -> None:
    record(
        bureau=bureau_of(account),
        kind=kind,
        actor=actor,
        subject=subject_of(account),
        facts=facts,
        at=at,
    )
