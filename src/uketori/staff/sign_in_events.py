"""Events of the sign-in: references only, never what was typed."""

from datetime import datetime

from uketori.audit.record import record
from uketori.staff.models import Account

SIGN_IN = "system:sign_in"
NOBODY = "account:unknown"


def record_sign_in(account: Account, at: datetime) -> None:
    """Somebody came in."""
    record_of(account, "staff_signed_in", at)


def record_failure(username: str, step: str, at: datetime) -> None:
    """Somebody did not; the name that was typed is not kept, only whose it is, if anybody's."""
    account = Account.objects.filter(username=username).first()
    record(
        bureau=bureau_of(account),
        kind="staff_sign_in_failed",
        actor=SIGN_IN,
        subject=subject_of(account) if account else NOBODY,
        facts={"step": step},
        at=at,
    )


def record_of(account: Account, kind: str, at: datetime, **facts: object) -> None:
    """Something that the account did with itself."""
    record(
        bureau=bureau_of(account),
        kind=kind,
        actor=account.actor,
        subject=subject_of(account),
        facts=facts,
        at=at,
    )


def subject_of(account: Account) -> str:
    """How events name an account as their subject."""
    return f"account:{account.pk}"


def bureau_of(account: Account | None) -> str:
    """Return the bureau under which the account's own events stand; empty for nobody's."""
    post = account.posts.order_by("bureau").first() if account else None
    return post.bureau if post else ""
