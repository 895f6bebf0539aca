"""What a form asked for that came after the session's end: it was not done, and the entry says so.

Nothing is carried out without a session, and nobody may believe that it was.  D04, 利用案内 4(1).
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Undone:
    """What to say of one act, and from where it can be asked for again."""

    text: Promise
    parents: int | None = 0
    """How many parts of the form's address to leave off for its page; None if it has none."""


UNDONE = {
    "reservations:draft": Undone(_("まだ予約は決まっていません。")),
    "reservations:confirm": Undone(_("まだ予約していません。")),
    "reservations:delete_draft": Undone(_("まだ下書きを消していません。"), parents=1),
    "reservations:changes": Undone(_("まだ予約を変更していません。")),
    "reservations:cancellation": Undone(
        _("まだ予約を取り消していません。予約はそのまま残っています。")
    ),
    "reservations:hour": Undone(_("まだ予約の時間を変更していません。")),
    "reservations:mails": Undone(_("まだ確認のメールを送っていません。"), parents=1),
    "reservations:copy": Undone(_("まだ新しい下書きを作っていません。"), parents=1),
    "holders:new": Undone(_("まだ登録していません。")),
    "holders:revise": Undone(_("まだ登録内容を変えていません。")),
    "holders:renewal": Undone(_("まだ新しい証明書を登録していません。")),
    "holders:removal": Undone(_("まだ登録を取りやめていません。")),
    "my_data:address": Undone(_("まだメールアドレスを変えていません。")),
    "my_data:address_code": Undone(_("まだメールアドレスを変えていません。")),
    "claim_requests:new": Undone(_("まだ確認のメールを送っていません。"), parents=None),
}
"""By the name of the form's address."""

UNNAMED = Undone(_("送信された内容は、まだ受け付けていません。"), parents=None)


KEPT, KEPT_MOVED = "1", "moved"
"""How the entry is told that something typed was kept, there or at the new address."""
KEPT_WORDS = {
    KEPT: _("入力した内容は、保存してあります。"),
    KEPT_MOVED: _(
        "メールアドレスが変わったためです。入力した内容は、保存してあります。"
        "新しいメールアドレスを確認すると、続きから入力できます。"
    ),
}


def name_of(request: HttpRequest) -> str:
    """Return the name of the form's address."""
    return request.resolver_match.view_name if request.resolver_match else ""


def undone_by(name: str) -> Undone:
    """Return what was not done when this form came too late."""
    return UNDONE.get(name, UNNAMED)


def page_of(request: HttpRequest) -> str:
    """Return the page on which the form stands, empty if that is not known."""
    parents = undone_by(name_of(request)).parents
    if parents is None:
        return ""
    return request.path if parents == 0 else request.path.rsplit("/", parents)[0]
