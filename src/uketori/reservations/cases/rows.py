"""What the buttons beside the rows of cases do: a row more, a row less, what was pasted.  D12."""

import re
from dataclasses import dataclass, replace

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from uketori.reservations.cases.typed import MOST_ROWS_KEPT, DraftContent, DraftRow
from uketori.reservations.cases.uploads import LARGEST_BYTES, read_upload
from uketori.rules.paste import NOTHING, LeftOut, read_paste
from uketori.rules.policy import BureauPolicy

LONGEST_PASTE = LARGEST_BYTES
DROP = re.compile(r"drop-([1-9][0-9]{0,2})")


def after_button(act: str, content: DraftContent) -> DraftContent:
    """Return the content after the button: a row more, or a row less."""
    if act == "add-row":
        return replace(content, rows=(*content.filled().rows, DraftRow(), DraftRow(), DraftRow()))
    if dropped := DROP.fullmatch(act):
        rows = content.rows
        index = int(dropped[1]) - 1
        return replace(content, rows=rows[:index] + rows[index + 1 :])
    return content


@dataclass(frozen=True)
class Taken:
    """The content with what was pasted or uploaded as rows, or a sentence why not."""

    content: DraftContent
    remark: str = ""
    left_out: LeftOut = NOTHING


def with_pasted(
    content: DraftContent, upload: "UploadedFile[bytes] | None", policy: BureauPolicy
) -> Taken:
    """Take what was pasted or uploaded.

    Rows in which only a type or a category was chosen take the first numbers.
    """
    text, remark = content.paste, ""
    if upload:
        uploaded, remark = read_upload(upload)
        text = f"{text}\n{uploaded}"
    if remark:
        return Taken(content, remark)
    if len(text) > LONGEST_PASTE:
        return Taken(
            content, _("貼り付けた文字が多すぎます。申請番号の列だけを貼り付けてください。")
        )
    read = read_paste(text, policy)
    pasted = read.cases
    if not pasted:
        return Taken(content, _("貼り付けた中に、申請番号が見つかりませんでした。"))
    if len(pasted) > MOST_ROWS_KEPT:
        remark = _(
            "貼り付けた中に、申請番号が{pasted}件あります。１枠で受け付けられるのは{most}件までです。"
        ).format(pasted=len(pasted), most=policy.max_cases_per_slot)
        return Taken(content, remark)
    rows = tuple(
        DraftRow(
            number=one.number,
            type=one.type.value if one.type else "",
            category=one.category.value if one.category else "",
            with_reentry_permit=one.with_reentry_permit,
        )
        for one in pasted
    )
    filled = _with_numbers(content.filled().rows, rows)
    return Taken(replace(content, rows=filled, paste=""), left_out=read.left_out)


def _with_numbers(
    before: tuple[DraftRow, ...], pasted: tuple[DraftRow, ...]
) -> tuple[DraftRow, ...]:
    """Put pasted rows into those that wait for their number, the others after them.

    What was chosen in the row stays; where the letter of the number says otherwise, it is warned.
    """
    waiting = iter(pasted)
    rows = [row if row.is_case else _joined(row, next(waiting, None)) for row in before]
    return (*rows, *waiting)


def _joined(row: DraftRow, pasted: DraftRow | None) -> DraftRow:
    if pasted is None:
        return row
    return DraftRow(
        number=pasted.number,
        type=row.type or pasted.type,
        category=row.category or pasted.category,
        with_reentry_permit=row.with_reentry_permit or pasted.with_reentry_permit,
    )
