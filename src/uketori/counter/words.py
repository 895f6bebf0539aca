"""Labels that several rooms of the counter share."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from uketori.counter.models import CallKind, Step
from uketori.reservations.visits.outcome_words import WHY_NOT
from uketori.rules.visit import AheadMark, NotIssued

AHEAD_WORDS: dict[str, Promise] = {
    AheadMark.NOT_READY: pgettext_lazy("ahead", "準備できず"),
    AheadMark.WRONG_NUMBER: pgettext_lazy("ahead", "番号なし"),
}


def reason_choices() -> list[tuple[str, str]]:
    """Return the closed list of reasons, each with the digit that chooses it."""
    return [
        (why.value, f"{digit} {WHY_NOT[why].short}") for digit, why in enumerate(NotIssued, start=1)
    ]


STEP_WORDS: dict[str, Promise] = {
    Step.ARRIVED: pgettext_lazy("history", "来庁"),
    Step.CALLED_UP: pgettext_lazy("history", "呼び出した"),
    Step.CERTIFICATE_SEEN: pgettext_lazy("history", "証明書を確認した"),
    Step.OUTCOME: pgettext_lazy("history", "結果"),
    Step.SERVED: pgettext_lazy("history", "完了"),
    Step.LATE: pgettext_lazy("history", "遅刻"),
    Step.ABSENT: pgettext_lazy("history", "呼出し時に不在"),
    Step.NO_SHOW: pgettext_lazy("history", "不来庁"),
    Step.TAKEN_BACK: pgettext_lazy("history", "記録を取り消した"),
    Step.AHEAD_MARK: pgettext_lazy("history", "準備の印"),
}
KIND_WORDS = {
    CallKind.CANCEL: pgettext_lazy("call", "取消し"),
    CallKind.CHANGE: pgettext_lazy("call", "変更"),
    CallKind.WILL_BE_LATE: pgettext_lazy("call", "遅れる"),
    CallKind.OTHER: pgettext_lazy("call", "そのほか"),
    CallKind.BOOK: pgettext_lazy("call", "予約"),
}
"""What somebody called about, as the log says it."""
MARK_WORDS = {
    AheadMark.NOT_READY: pgettext_lazy("準備一覧", "まだ交付できない"),
    AheadMark.WRONG_NUMBER: pgettext_lazy("準備一覧", "番号が見つからない"),
}
