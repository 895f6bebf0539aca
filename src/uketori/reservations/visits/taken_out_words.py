"""Why the bureau took a case out, in words: for staff in brief, for the holder in full.  1, R-32.

Each reason of the closed list has one row here, and only here.
"""

from django.utils.translation import gettext_lazy as _

from uketori import refusal_texts
from uketori.reservations.visits.outcome_words import NotIssuedWords
from uketori.rules.policy import BureauPolicy
from uketori.rules.taking_out import NotHere

NOT_HERE: dict[NotHere, NotIssuedWords] = {
    NotHere.OTHER_COUNTER: NotIssuedWords(
        _("この窓口の申請ではない（当局のほかの窓口）"),
        _("当局の、ほかの窓口で結果をお渡しする申請です。"),
        _("{postcard}に書かれた窓口で手続きしてください。この窓口の予約はいりません。"),
    ),
    NotHere.OTHER_BUREAU: NotIssuedWords(
        _("当局の申請ではない（ほかの局）"),
        _("当局で受け付けた申請ではありません。"),
        _("申請した局の案内にしたがって手続きしてください。この窓口の予約はいりません。"),
    ),
    NotHere.NOT_COVERED: NotIssuedWords(
        _("予約の対象ではない申請"),
        _("この予約では結果をお渡しできない種類の申請です。"),
        _(
            "{postcard}や、申請したときの案内にしたがって手続きしてください。"
            "この窓口の予約はいりません。"
        ),
    ),
    NotHere.APPLICANT_MUST_COME: NotIssuedWords(
        _("申請人本人の出頭が必要"),
        _("申請したご本人に来ていただく必要がある申請です。"),
        _("ご本人が、{postcard}に書かれた窓口へお越しください。予約はいりません。"),
    ),
}


def taken_out_words(because: str) -> str:
    """Return the reason in brief; nothing where nothing was taken out."""
    return str(NOT_HERE[NotHere(because)].short) if because else ""


def told(because: NotHere, policy: BureauPolicy) -> tuple[str, str]:
    """Return what the holder is told: what is the matter, and what to do now."""
    why = NOT_HERE[because]
    return str(why.sentence), str(why.next_step).format(**refusal_texts.numbers_of(policy))
