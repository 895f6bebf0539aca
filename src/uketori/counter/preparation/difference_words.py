"""The difference sheet in words: which cards to fetch, to put back, to exchange."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from uketori import japanese
from uketori.counter.models import Printing, Sheet
from uketori.counter.preparation.differences import ChangedReservation
from uketori.counter.words import MARK_WORDS
from uketori.reservations.cases.words import case_words
from uketori.rules.eligibility import CaseFacts
from uketori.rules.policy import BureauPolicy
from uketori.rules.preparation import CaseDifference, CaseMoved
from uketori.rules.preparation import ReservationMoved as Kind
from uketori.staff.models import Account

SHEET_WORDS: dict[str, Promise] = {
    Sheet.HOURS: pgettext_lazy("印刷したもの", "時間ごとの一覧"),
    Sheet.NUMBERS: pgettext_lazy("印刷したもの", "番号順の一覧"),
    Sheet.DESK: pgettext_lazy("印刷したもの", "窓口用の一覧"),
    Sheet.DIFFERENCES: pgettext_lazy("印刷したもの", "印刷してからの変更"),
    Sheet.FILE: pgettext_lazy("印刷したもの", "表計算用のファイル"),
}


@dataclass(frozen=True)
class CardDifference:
    """One card: what to do, what was printed, what holds now."""

    task: str
    before: str
    after: str
    mark: str
    """What was marked ahead of the visit and holds now."""


@dataclass(frozen=True)
class VisitorDifference:
    """One reservation that is not what was printed."""

    reference: str
    name: str
    kana: str
    what: str
    hour: str
    moment: str
    who: str
    cards: list[CardDifference]


@dataclass(frozen=True)
class PrintingWords:
    """One earlier printing, to choose from."""

    pk: int
    moment: str
    sheet: str
    who: str
    is_chosen: bool


def differences_of(
    moved: Iterable[ChangedReservation], policy: BureauPolicy
) -> list[VisitorDifference]:
    """Put what moved into words."""
    return [_visitor(one, policy) for one in moved]


def printing_words(
    printings: Sequence[Printing], chosen: Printing | None, policy: BureauPolicy
) -> list[PrintingWords]:
    """Put the printings of a day into words, each with who printed."""
    keys = {one.actor.removeprefix("staff:") for one in printings}
    accounts = Account.objects.filter(pk__in=[key for key in keys if key.isdigit()])
    names = {account.actor: account.name for account in accounts} if printings else {}
    return [
        PrintingWords(
            pk=one.pk,
            moment=japanese.moment_words(one.printed_at, policy.tz),
            sheet=sheet_words(one),
            who=names.get(one.actor, ""),
            is_chosen=one == chosen,
        )
        for one in printings
    ]


def sheet_words(printing: Printing | None) -> str:
    """Say what was printed; nothing where it was not kept."""
    return str(SHEET_WORDS[printing.sheet]) if printing and printing.sheet else ""


def _visitor(one: ChangedReservation, policy: BureauPolicy) -> VisitorDifference:
    found = one.difference
    return VisitorDifference(
        reference=one.reservation.reference,
        name=one.reservation.holder_name,
        kana=one.reservation.intermediary.name_kana,
        what=_what(one, policy),
        hour=_hour(found.after_at or found.before_at, policy),
        moment=japanese.moment_words(one.last_at, policy.tz),
        who=_("窓口") if one.by_counter else "",
        cards=[_card(case, policy) for case in found.cases],
    )


def _what(one: ChangedReservation, policy: BureauPolicy) -> str:
    """Say what became of the reservation as a whole."""
    kind = one.difference.kind
    if kind is Kind.ADDED:
        was_here = one.reservation.booked_at >= one.since
        return _("新しい予約") if was_here else _("ほかの日から移りました")
    if kind is Kind.GONE and one.reservation.cancelled_at is None:
        words = japanese.moment_words(one.reservation.starts_at, policy.tz)
        return _("{moment}に移りました").format(moment=words)
    if kind is Kind.GONE:
        return _("予約の取消")
    if kind is Kind.OTHER_HOUR:
        before = _hour(one.difference.before_at, policy)
        return _("時間の変更（前は{before}）").format(before=before)
    if all(case.kind is CaseMoved.MARKED for case in one.difference.cases):
        return _("準備の印")
    return _("案件の変更")


def _hour(starts_at: datetime | None, policy: BureauPolicy) -> str:
    return japanese.hour_words(starts_at, policy.slot_minutes, policy.tz) if starts_at else ""


def _card(case: CaseDifference, policy: BureauPolicy) -> CardDifference:
    tasks = {
        CaseMoved.ADDED: pgettext("差分", "出す"),
        CaseMoved.TAKEN_OUT: pgettext("差分", "棚に戻す"),
        CaseMoved.CORRECTED: pgettext("差分", "差し替え"),
        CaseMoved.MARKED: pgettext("差分", "印を付けた")
        if case.mark
        else pgettext("差分", "印を取り消した"),
    }
    task = tasks[case.kind]
    if case.kind is CaseMoved.CORRECTED and _is_same_card(case):
        task = pgettext("差分", "種類・区分の訂正")
    return CardDifference(
        task=task,
        before="" if case.kind is CaseMoved.MARKED else _facts(case.before, policy),
        after=_facts(case.after, policy),
        mark=str(MARK_WORDS[case.mark]) if case.mark else "",
    )


def _is_same_card(case: CaseDifference) -> bool:
    return bool(case.before and case.after and case.before.number == case.after.number)


def _facts(facts: CaseFacts | None, policy: BureauPolicy) -> str:
    if facts is None:
        return ""
    words = case_words(facts, policy)
    return f"{words.number}　{words.type}　{words.letter}"
