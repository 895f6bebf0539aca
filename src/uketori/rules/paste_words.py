"""The words beside the numbers in pasted tables: types, categories, 再入国 and headings.  D12."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uketori.rules.number_key import folded
from uketori.rules.policy import ApplicationType, BureauPolicy, ReceiptCategory

_HEADINGS = frozenset(
    (
        "申請番号",
        "受付番号",
        "番号",
        "項番",
        "行",
        "NO",
        "#",
        "件数",
        "備考",
        "氏名",
        "申請人",
        "申請人氏名",
        "種類",
        "種別",
        "申請種類",
        "申請の種類",
        "申請種別",
        "申請の種別",
        "区分",
        "受領区分",
        "取次区分",
    )
)
_REENTRY_HEADINGS = frozenset(("再入国", "再入国許可", "再入国同時申請"))
_REENTRY = re.compile(
    "再入国(?:許可)?(?:申請)?(?:(?:を?同時(?:に?申請)?)?(?:あり|有り?|[〇○])?|(?P<none>なし|無し?|[×x]))",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile("(?:あり|有り?|[〇○])|(?P<none>なし|無し?|[×X])")
"""Says something of 再入国 only in a table that has a column of that name."""
_BRACKETED = re.compile(r"\([^()]*\)")
_ENDING = re.compile("(?:許可申請|交付申請|許可|交付|申請)$")
_CATEGORY = re.compile(r"\(?(\w)(?:[ .:・)][^0-9]*)?")
_BARE_WORDS: Mapping[str, ApplicationType] = {
    "変更": ApplicationType.CHANGE,
    "更新": ApplicationType.EXTENSION,
    "期間更新": ApplicationType.EXTENSION,
    "永住": ApplicationType.PERMANENT,
    "取得": ApplicationType.ACQUISITION_BIRTH,
    "在留資格取得": ApplicationType.ACQUISITION_BIRTH,
    "資格外": ApplicationType.EXTRA_ACTIVITY,
    "資格外活動": ApplicationType.EXTRA_ACTIVITY,
    "就労資格": ApplicationType.WORK_CERTIFICATE,
    "就労資格証明": ApplicationType.WORK_CERTIFICATE,
    "就労資格証明書": ApplicationType.WORK_CERTIFICATE,
}


def is_header(cells: Sequence[str]) -> bool:
    """Tell whether the cells are nothing but headings; 再入国 is one only beside others."""
    words = {folded(cell).rstrip(".:") for cell in cells}
    return bool(words & _HEADINGS) and words <= _HEADINGS | _REENTRY_HEADINGS


def names_reentry(cells: Sequence[str]) -> bool:
    """Tell whether a row of headings has a column for 再入国."""
    return is_header(cells) and any(folded(cell) in _REENTRY_HEADINGS for cell in cells)


@dataclass(frozen=True)
class Vocabulary:
    """The words of one bureau, folded for comparison."""

    types: Mapping[str, ApplicationType]
    letters: Mapping[str, ReceiptCategory]
    questions: re.Pattern[str]
    has_reentry_column: bool

    @classmethod
    def of(cls, policy: BureauPolicy) -> "Vocabulary":
        """Collect the bureau's names for types and its letters for categories."""
        types = {
            word: kind for word, kind in _BARE_WORDS.items() if kind in policy.application_types
        }
        types |= {_bare(name): kind for kind, name in policy.application_types.items()}
        letters = {letter: category for category, letter in policy.categories.items()}
        signs = "".join(map(re.escape, letters))
        asked = "|".join(map(re.escape, policy.category_questions.values()))
        questions = re.compile(f"(?<=[{signs}])[ \u3000:：.)）]+(?:{asked})")
        return cls(types, letters, questions, has_reentry_column=False)

    def without_questions(self, line: str) -> str:
        """Leave out the words after a category's letter, since they may hold a comma."""
        return self.questions.sub("", line)

    def type_of(self, cell: str) -> ApplicationType | None:
        """Return the type that the cell names, by its short or its full name."""
        return self.types.get(_bare(cell))

    def category_of(self, cell: str) -> ReceiptCategory | None:
        """Return the category whose letter is the cell or begins it."""
        found = _CATEGORY.fullmatch(unicodedata.normalize("NFKC", cell).strip())
        return self.letters.get(found[1]) if found else None

    def reentry_of(self, cell: str) -> bool | None:
        """Return whether the cell says 再入国あり or なし, None if it speaks of something else."""
        found = _REENTRY.fullmatch(folded(cell))
        if found is None and self.has_reentry_column:
            found = _YES_OR_NO.fullmatch(folded(cell))
        return None if found is None else found["none"] is None


def _bare(name: str) -> str:
    return _ENDING.sub("", _BRACKETED.sub("", folded(name)))
