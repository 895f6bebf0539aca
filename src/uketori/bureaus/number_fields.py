"""The fields of application numbers: what is pasted into one becomes a row for each.  D05, D12.

Taken apart where the form arrives, before anything shows it again, keeps or writes it: so the names
that stood beside the numbers are nowhere.
"""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from uketori import clock
from uketori.bureaus.policies import UnknownBureau, policy_in_force
from uketori.rules.paste import NOTHING, LeftOut, PastedCase, kept_of, read_field, read_paste
from uketori.rules.policy import BureauPolicy

_FIELD = re.compile(r"(new-)?number-([1-9][0-9]*)")
"""Of a row, and of the correction of a case that is booked."""
PASTE = "paste"
_ADDED = "number_rows_added"
MOST_COLUMNS_TOLD = 8
LONGEST_COLUMN_TOLD = 20


class NumberFieldsMiddleware:
    """Takes the number fields of every form apart."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Do nothing yet: which bureau it is, the address tells."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: dict[str, Any]
    ) -> None:
        """Put rows in place of what was pasted into one field, and tell what was left out."""
        if request.method != "POST" or not any(map(_takes_numbers, request.POST)):
            return
        policy = _policy_of(kwargs)
        if policy is None:
            return
        post, left_out = taken_apart(request.POST, policy)
        setattr(request, _ADDED, len(_rows_of(post)) > len(_rows_of(request.POST)))
        request.POST = post  # type: ignore[assignment]  # Django takes it
        tell_left_out(request, left_out)


def were_rows_added(request: HttpRequest) -> bool:
    """Tell whether the form has rows now that the person has not seen yet."""
    return getattr(request, _ADDED, False)


def tell_left_out(request: HttpRequest, left_out: LeftOut) -> None:
    """Say on the next page what was not read, and that it was not kept."""
    if left_out:
        messages.info(request, " ".join(_left_out_sentences(left_out)))


def taken_apart(post: QueryDict, policy: BureauPolicy) -> tuple[QueryDict, LeftOut]:
    """Return the form with one number in each field, further ones in rows behind the others.

    Of a pasted text its cases are left.
    """
    rows, left_out = post.copy(), NOTHING
    order = max(_rows_of(post), default=0)
    for name in post:
        field = _FIELD.fullmatch(name)
        read = read_field(post.get(name, ""), policy) if field else None
        if field is None or read is None:
            continue
        left_out += read.left_out
        first, *others = read.cases or [PastedCase(number="")]
        rows[name] = first.number
        chosen = "" if field[1] else field[2]
        if chosen:
            _set(rows, _marks(chosen, first, post, chosen))
        for case in others:
            order += 1
            _set(rows, {f"number-{order}": case.number, **_marks(order, case, post, chosen)})
    if read := read_paste(post.get(PASTE, ""), policy):  # what has no case, the view tells of
        rows[PASTE] = kept_of(post.get(PASTE, ""), policy)
        left_out += read.left_out
    return rows, left_out


def _takes_numbers(name: str) -> bool:
    return name == PASTE or _FIELD.fullmatch(name) is not None


def without_names(pasted: str, kwargs: dict[str, Any]) -> str:
    """Return what a form may keep of text that was pasted at the bureau of this address.  D05."""
    policy = _policy_of(kwargs)
    return kept_of(pasted, policy) if policy else ""


def _policy_of(kwargs: dict[str, Any]) -> BureauPolicy | None:
    try:
        return policy_in_force(str(kwargs.get("bureau")), clock.now())
    except UnknownBureau:
        return None


def _rows_of(post: QueryDict) -> list[int]:
    found = (_FIELD.fullmatch(name) for name in post)
    return [int(one[2]) for one in found if one and not one[1]]


def _set(rows: QueryDict, fields: dict[str, str]) -> None:
    for name, value in fields.items():  # ``update`` would add a second value
        rows[name] = value


def _marks(order: int | str, case: PastedCase, post: QueryDict, chosen: str) -> dict[str, str]:
    """Return what is known of the case; what was chosen in the row it was pasted into stands."""
    application_type = case.type.value if case.type else ""
    category = case.category.value if case.category else ""
    marks = {
        f"type-{order}": post.get(f"type-{chosen}") or application_type,
        f"category-{order}": post.get(f"category-{chosen}") or category,
    }
    if case.with_reentry_permit or f"reentry-{chosen}" in post:
        marks[f"reentry-{order}"] = "on"
    return marks


def _left_out_sentences(left_out: LeftOut) -> list[str]:
    sentences = []
    if left_out.columns:
        told = "、".join(one[:LONGEST_COLUMN_TOLD] for one in left_out.columns[:MOST_COLUMNS_TOLD])
        sentences.append(
            _("表の「{columns}」の列は、読み取っていません。保存もしていません。").format(
                columns=told
            )
        )
    if left_out.cells:
        sentences.append(
            _(
                "申請番号・種類・区分・再入国のほかに書かれていたこと（{cells}か所）は、"
                "読み取っていません。保存もしていません。"
            ).format(cells=left_out.cells)
        )
    return sentences
