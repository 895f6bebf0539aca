"""What a draft holds, as typed; read from a form and written as JSON text.  D10, D12, D13."""

import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime, tzinfo

from django.http import QueryDict

from uketori.rules.eligibility import CaseFacts
from uketori.rules.number_key import as_shown, compare_key, suggested_type
from uketori.rules.policy import BureauPolicy

ROW_KEY = re.compile(r"number-([1-9][0-9]{0,2})")
LONGEST_TYPED = 200
"""Longer than any number; what is longer still is shown again but not saved."""
MOST_ROWS_KEPT = 200
YEARS = range(2000, 2200)
"""Years in which a day can be reckoned with; what lies outside was not chosen on our page."""


@dataclass(frozen=True)
class DraftRow:
    """One row of ③案件 as typed; empty ``type`` and ``category`` mean the choice for all."""

    number: str = ""
    type: str = ""
    category: str = ""
    with_reentry_permit: bool = False

    @property
    def is_case(self) -> bool:
        """Whether there is a number; without one the row is empty, whatever was chosen in it."""
        return bool(self.number.strip())

    @property
    def is_waiting(self) -> bool:
        """Whether something was chosen for a number that is still to come."""
        return not self.is_case and bool(self.type or self.category or self.with_reentry_permit)


@dataclass(frozen=True)
class DraftContent:
    """Everything on the booking page."""

    slot: str = ""
    """``2026-06-11T10:00`` in the bureau's time, or whatever was sent instead."""
    rows: tuple[DraftRow, ...] = ()
    type_for_all: str = ""
    category_for_all: str = ""
    reentry_for_all: bool = False
    paste: str = ""
    """Pasted text, of which the page makes rows at once."""

    def starts_at(self, tz: tzinfo) -> datetime | None:
        """Return the chosen moment, None if nothing usable was chosen."""
        try:
            chosen = datetime.strptime(self.slot, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - tz follows
        except ValueError:
            return None
        return chosen.replace(tzinfo=tz) if chosen.year in YEARS else None

    def filled(self) -> "DraftContent":
        """Return the content without blank rows; those that wait for their number come last."""
        waiting = tuple(row for row in self.rows if row.is_waiting)
        return replace(self, rows=(*self._of_cases(), *waiting))

    def _of_cases(self) -> tuple[DraftRow, ...]:
        return tuple(row for row in self.rows if row.is_case)

    def cases(self, policy: BureauPolicy) -> list[CaseFacts]:
        """Return the cases meant: own choice, else the choice for all, else the letter's."""
        return [
            CaseFacts(
                number=row.number.strip(),
                type=row.type or self.type_for_all or _suggested(row, policy),
                category=row.category or self.category_for_all,
                with_reentry_permit=row.with_reentry_permit or self.reentry_for_all,
                order=order,
            )
            for order, row in enumerate(self._of_cases(), start=1)
        ]

    def number_keys(self) -> list[str]:
        """Return the compare keys of the cases, in order."""
        return [compare_key(row.number) for row in self._of_cases()]

    @property
    def is_too_large(self) -> bool:
        """Whether it is beyond anything a person types; then it is not saved."""
        choices = (self.slot, self.type_for_all, self.category_for_all)
        typed = [text for row in self.rows for text in (row.number, row.type, row.category)]
        return len(self.rows) > MOST_ROWS_KEPT or any(
            len(text) > LONGEST_TYPED for text in (*choices, *typed)
        )

    def to_json(self) -> str:
        """Return the content as JSON text, without what was pasted: it may hold names.  D05."""
        values = asdict(self)
        del values["paste"]
        return json.dumps(values)

    @classmethod
    def from_json(cls, text: str) -> "DraftContent":
        """Return the content that ``to_json`` wrote."""
        values = json.loads(text)
        values["rows"] = tuple(DraftRow(**row) for row in values["rows"])
        return cls(**values)

    @classmethod
    def from_post(cls, post: QueryDict) -> "DraftContent":
        """Return what a form sent; of a repeated field the last value counts, as in Django."""
        orders = sorted({int(found[1]) for key in post if (found := ROW_KEY.fullmatch(key))})
        return cls(
            slot=post.get("slot", ""),
            rows=tuple(_row(post, order) for order in orders),
            type_for_all=post.get("type-all", ""),
            category_for_all=post.get("category-all", ""),
            reentry_for_all="reentry-all" in post,
            paste=post.get("paste", ""),
        )


def _row(post: QueryDict, order: int) -> DraftRow:
    number = as_shown(post.get(f"number-{order}", ""))
    if not number and f"had-{order}" in post:  # emptied: what was chosen was for that number
        return DraftRow()
    return DraftRow(
        number=number,
        type=post.get(f"type-{order}", ""),
        category=post.get(f"category-{order}", ""),
        with_reentry_permit=f"reentry-{order}" in post,
    )


def _suggested(row: DraftRow, policy: BureauPolicy) -> str:
    suggestion = suggested_type(row.number, policy)
    return suggestion.value if suggestion else ""
