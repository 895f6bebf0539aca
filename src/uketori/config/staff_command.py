"""``uketori create-administrator`` and ``uketori staff``: accounts from the command line.

Import it after Django's set-up.
"""

import os
import sys
from collections.abc import Iterator
from datetime import datetime
from getpass import getpass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from uketori.config.answers import policy_of
from uketori.config.arguments import CannotRun
from uketori.rules.permissions import Role
from uketori.staff import accounts, second_factors
from uketori.staff.models import Account, Post
from uketori.staff.words import ROLE_WORDS

ACTOR = "system:command"
PASSWORD_VARIABLE = "UKETORI_STAFF_PASSWORD"  # noqa: S105 - the name of a variable


def administrator_lines(
    bureau: str, username: str, name: str, at: datetime, *, another: bool
) -> Iterator[str]:
    """Make the first administrator of a bureau.  Raises ``CannotRun``."""
    policy_of(bureau, at.date())
    if accounts.has_administrator(bureau) and not another:
        message = "この局には、もう管理者がいます。もう一人作るときは --another を付けてください。"
        raise CannotRun(message)
    yield from added_lines(bureau, username, name, Role.ADMINISTRATOR, at)


def added_lines(bureau: str, username: str, name: str, role: Role, at: datetime) -> Iterator[str]:
    """Make an account.  Raises ``CannotRun``."""
    policy = policy_of(bureau, at.date())
    try:
        account = accounts.create_account(
            bureau=bureau,
            username=username,
            name=name,
            role=role,
            password=read_password(),
            actor=ACTOR,
            at=at,
        )
    except ValidationError as error:
        raise CannotRun("\n".join(error.messages)) from None
    yield f"{policy.bureau_name}の{ROLE_WORDS[role]}「{account.username}」を作りました。"
    yield f"サインイン：{settings.SITE_URL}{reverse('account_login')}"
    yield "はじめてのサインインで、認証アプリかパスキーを登録します。"


def listed_lines(bureau: str | None) -> Iterator[str]:
    """Tell who has a post, bureau by bureau."""
    posts = Post.objects.select_related("account").order_by("bureau", "account__username")
    for post in posts.filter(bureau=bureau) if bureau else posts:
        account = post.account
        state = "" if account.is_active else "　停止"
        if account.is_active and not second_factors.of(account).exists():
            state = "　認証の登録がまだ"
        role = ROLE_WORDS[Role(post.role)]
        yield f"{post.bureau}　{role}　{account.username}　{account.name}{state}"


def deactivated_lines(username: str, at: datetime) -> Iterator[str]:
    """Stop an account.  Raises ``CannotRun``."""
    accounts.deactivate(account_of(username), actor=ACTOR, at=at)
    yield f"「{username}」を停止しました。開いていた画面も終わりました。"


def reset_lines(username: str, at: datetime) -> Iterator[str]:
    """Forget the second factors of an account.  Raises ``CannotRun``."""
    accounts.reset_second_factor(account_of(username), actor=ACTOR, at=at)
    yield f"「{username}」の認証の登録を消しました。次のサインインで、新しく登録します。"


def password_lines(username: str, at: datetime) -> Iterator[str]:
    """Set a new password.  Raises ``CannotRun``."""
    try:
        accounts.set_password(account_of(username), read_password(), actor=ACTOR, at=at)
    except ValidationError as error:
        raise CannotRun("\n".join(error.messages)) from None
    yield f"「{username}」のパスワードを変えました。"


def account_of(username: str) -> Account:
    """Return the account.  Raises ``CannotRun``."""
    account = Account.objects.filter(username=username).first()
    if account is None:
        message = f"アカウント「{username}」はありません。uketori staff list で確かめられます。"
        raise CannotRun(message)
    return account


def read_password() -> str:
    """Ask twice at a terminal; a script sets a variable, or writes one line.

    Raises ``CannotRun``.
    """
    if given := os.environ.get(PASSWORD_VARIABLE):
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("パスワード：")
    if first != getpass("もう一度："):
        message = "２回のパスワードが同じではありません。"
        raise CannotRun(message)
    return first
