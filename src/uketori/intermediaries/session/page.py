"""What pages before and after the proof share."""

from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from uketori.bureaus.policies import UnknownBureau, policy_in_force
from uketori.intermediaries.proof.act import CodeAnswer
from uketori.rules.policy import BureauPolicy


def policy_or_404(bureau: str, at: datetime) -> BureauPolicy:
    """Return the bureau's policy; an unknown bureau is not found."""
    try:
        return policy_in_force(bureau, at)
    except UnknownBureau as error:
        raise Http404 from error


def code_text(answer: CodeAnswer) -> str:
    """Say what became of a typed code."""
    if answer is CodeAnswer.WRONG:
        return _("確認コードが違います。いちばん新しいメールの6けたの数字を入力してください。")
    if answer is CodeAnswer.NO_MORE_TRIES:
        return _("確認コードは、これ以上お試しになれません。メールの中のリンクを開いてください。")
    return _("この確認コードは、もう使えません。もう一度メールを送ってください。")
