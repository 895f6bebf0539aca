"""The preparation list as rows of a spreadsheet, one card a row."""

from collections.abc import Iterable

from django.utils.translation import pgettext

from uketori.counter.preparation.words import CardRow, HourRows, VisitorRows
from uketori.web.spreadsheet import Written


def rows_of(hours: Iterable[HourRows], day: str) -> list[list[str]]:
    """Return a row of heads and one row for each card, by hour and by the reading of names."""
    cards = [(one, card) for hour in hours for one in hour.visitors for card in one.cards]
    return [_heads(), *(_row(day, one, card) for one, card in cards)]


def _heads() -> list[str]:
    return [
        pgettext("書き出し", "予約日"),
        pgettext("書き出し", "時間"),
        pgettext("書き出し", "予約番号"),
        pgettext("書き出し", "氏名"),
        pgettext("書き出し", "フリガナ"),
        pgettext("書き出し", "所属"),
        pgettext("書き出し", "証明書"),
        pgettext("書き出し", "証明書の有効期限"),
        pgettext("書き出し", "申請番号"),
        pgettext("書き出し", "申請の種類"),
        pgettext("書き出し", "区分"),
        pgettext("書き出し", "受け取る書類"),
        pgettext("書き出し", "事前の印"),
        pgettext("書き出し", "同じ番号の予約"),
        pgettext("書き出し", "交付済みの予約"),
    ]


def _row(day: str, one: VisitorRows, card: CardRow) -> list[str]:
    return [
        day,
        one.hour,
        Written(one.reference),
        one.name,
        one.kana,
        one.organisation,
        one.certificate,
        one.expires_on,
        Written(card.number),
        card.type,
        card.letter,
        card.papers,
        card.mark,
        "、".join(card.twins),
        "、".join(f"{told} {reference}" for told, reference in card.issued),
    ]
