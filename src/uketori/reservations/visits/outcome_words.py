"""Outcomes and endings in words: for the staff in brief, for the holder with what to do next.

利用案内 6(1)–6(4), R-39.  Each reason of the closed list has one row here, and only here.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from uketori.rules.visit import Ending, NotIssued, Outcome


@dataclass(frozen=True)
class NotIssuedWords:
    """One reason: the clerk's word, the holder's sentence, and the next step, with fields."""

    short: Promise
    sentence: Promise
    next_step: Promise


WHY_NOT: dict[NotIssued, NotIssuedWords] = {
    NotIssued.PAPER_MISSING: NotIssuedWords(
        _("書類がない"),
        _("必要な書類がそろっていませんでした。"),
        _("{postcard}に書かれた書類をそろえて、もう一度予約してください。"),
    ),
    NotIssued.PAPER_WRONG: NotIssuedWords(
        _("書類の不備"),
        _("書類に、なおしていただくところがありました。"),
        _("窓口でお伝えしたところをなおして、もう一度予約してください。"),
    ),
    NotIssued.NOT_YET_READY: NotIssuedWords(
        _("まだ交付できない"),
        _("まだ、結果の交付ができる期間ではありませんでした。"),
        _("{postcard}に書かれた期間を確かめて、その期間の日をもう一度予約してください。"),
    ),
    NotIssued.NOT_OURS: NotIssuedWords(
        _("この窓口ではない"),
        _("結果の交付が、この窓口ではない案件でした。"),
        _("{postcard}に書かれた窓口で手続きしてください。この窓口の予約はいりません。"),
    ),
    NotIssued.NUMBER_UNKNOWN: NotIssuedWords(
        _("番号が見つからない"),
        _("この申請番号の案件が見つかりませんでした。"),
        _("{number_papers}で番号を確かめて、正しい番号でもう一度予約してください。"),
    ),
    NotIssued.APPLICANT_MUST_COME: NotIssuedWords(
        _("本人の出頭が必要"),
        _("申請したご本人に来ていただく必要がある案件でした。"),
        _("ご本人が、{postcard}に書かれた窓口へお越しください。予約はいりません。"),
    ),
    NotIssued.CERTIFICATE_INVALID: NotIssuedWords(
        _("証明書が有効でない"),
        _("証明書の有効期限が過ぎているなど、証明書を確かめられませんでした。"),
        _("有効な証明書を用意して、もう一度予約してください。"),
    ),
}


def outcome_words(outcome: str, why: str) -> str:
    """Return what was recorded of a case, as staff say it; nothing where nothing is."""
    if outcome == Outcome.ISSUED:
        return _now("交付した")
    return _now("交付しない（{why}）").format(why=WHY_NOT[NotIssued(why)].short) if why else ""


BOOKED_AGAIN = frozenset(NotIssued) - {NotIssued.NOT_OURS, NotIssued.APPLICANT_MUST_COME}
"""For these reasons another reservation helps."""


@dataclass(frozen=True)
class EndingWords:
    """How a visit ended without being served: what happened, what it means, what to do."""

    title: Promise
    meaning: Promise


UNSERVED: dict[Ending, EndingWords] = {
    Ending.LATE: EndingWords(
        _("予約の時間より遅れてお越しになりました"),
        _(
            "予約の時間を過ぎたため、この予約は使えず、{ordinary_counter}をご案内しました。"
            "不来庁とは数えません。受け取っていない案件は、もう一度予約できます。"
        ),
    ),
    Ending.ABSENT: EndingWords(
        _("お呼びしたときに、いらっしゃいませんでした"),
        _(
            "来庁されましたが、お呼びしたときに不在だったため、この予約での交付を終えました。"
            "たびたびあるときは、予約をお断りすることがあります。"
            "受け取っていない案件は、もう一度予約できます。"
        ),
    ),
    Ending.NO_SHOW: EndingWords(
        _("予約の時間に、お越しになりませんでした"),
        _(
            "予約の時間が終わるまでに連絡をいただいた記録がなく、来庁されなかったと記録しました。"
            "たびたびあるときは、予約をお断りすることがあります。"
            "受け取っていない案件は、もう一度予約できます。"
        ),
    ),
}
"""Fields are numbers and names of the policy."""

NO_SHOW_AFTER_A_CALL = EndingWords(
    UNSERVED[Ending.NO_SHOW].title,
    _(
        "来庁されなかったと記録しました。"
        "予約の時間が終わる前にお電話をいただいたことも、記録しています。"
        "たびたびあるときは、予約をお断りすることがあります。"
        "受け取っていない案件は、もう一度予約できます。"
    ),
)
"""Whoever telephoned is never told of silence.  利用案内 4(2), 6(4)."""


def unserved_words(ending: Ending, *, has_telephoned: bool) -> EndingWords:
    """Return how a visit ended without being served, a call before the end of the hour told."""
    if ending is Ending.NO_SHOW and has_telephoned:
        return NO_SHOW_AFTER_A_CALL
    return UNSERVED[ending]
