"""The words beside the numbers in pasted tables: types, categories, 再入国 and headings.  D12."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uketori.rules.folding import Dashes, fold
from uketori.rules.number_key import folded
from uketori.rules.policy import ApplicationType, BureauPolicy, ReceiptCategory

_NUMBER_HEADINGS = (
    re.compile(
        "(?:お客様の)?申請(?:受付票?|受理|書)?(?:の?番号|NO)[0-9]?(?:/APPLICATION(?:NO|NUMBER))?"
        "|APPLICATION(?:NO|NUMBER)"
    ),
    re.compile("(?:受付票?|受理)(?:の?番号|NO)"),
    re.compile("番号"),
)
"""The surest first: where 申請番号 stands, 番号 counts something else."""
_TYPE_HEADINGS = re.compile("(?:申請)?の?(?:種類|種別)|申請内容|手続き?(?:の種類)?|TYPE")
_CATEGORY_HEADINGS = re.compile("(?:受領|取次|提出|申請)?区分|(?:申請書を)?提出(?:した方|者)")
_REENTRY_HEADINGS = re.compile(
    "(?:同時)?再入国(?:許可)?(?:の?同時)?(?:申請)?(?:の?有無)?|(?:再入国も)?同時申請"
)
_COUNTING_HEADINGS = frozenset(("NO", "#", "項番", "行", "連番", "通番", "順番", "件数"))
_OTHER_HEADINGS = frozenset(("備考", "氏名", "名前", "申請人", "申請人氏名", "国籍", "生年月日"))
_NO_WORD = re.compile(r"\([^()]*\)|[*.:・※■●◆□○◇【】\[\]「」<>]")
_TOTALS = frozenset(("合計", "小計", "総計", "計"))
_REENTRY = re.compile(
    "再入国(?:許可)?(?:申請)?(?:(?:を?同時(?:に?申請)?)?(?:あり|有り?|[〇○])?|(?P<none>なし|無し?|[×x]))",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"(?:あり|有り?(?:\(.*\))?|ある|アリ|はい|[〇○◯⭕✓✔☑レ]|要|同時|数次|YES|Y|TRUE|1)"
    "|(?P<none>なし|ナシ|無し?|いいえ|[×X]|不要|NO|N|FALSE|0)",
    re.IGNORECASE,
)
"""Says something of 再入国 only in a table that has a column of that name."""
_BRACKETED = re.compile(r"\([^()]*\)")
_ALL_BRACKETED = re.compile(r"[(\[【「](.*)[)\]】」]")
_ENDING = re.compile("(?:許可申請|交付申請|許可|交付|申請)$")
_CATEGORY = re.compile(r"\(?(\w)(?:[ .:・)](?:[^0-9]*(?:申請|提出|取次|受領|本人)[^0-9]*)?)?")
"""The letter, alone or with words of its question: ウ・ミン is the name of a person."""
_BARE_WORDS: Mapping[str, ApplicationType] = {
    "変更": ApplicationType.CHANGE,
    "更新": ApplicationType.EXTENSION,
    "期間更新": ApplicationType.EXTENSION,
    "資格変更": ApplicationType.CHANGE,
    "永住": ApplicationType.PERMANENT,
    "取得": ApplicationType.ACQUISITION_BIRTH,
    "在留資格取得": ApplicationType.ACQUISITION_BIRTH,
    "資格外": ApplicationType.EXTRA_ACTIVITY,
    "資格外活動": ApplicationType.EXTRA_ACTIVITY,
    "就労資格": ApplicationType.WORK_CERTIFICATE,
    "就労資格証明": ApplicationType.WORK_CERTIFICATE,
    "就労資格証明書": ApplicationType.WORK_CERTIFICATE,
}


@dataclass(frozen=True)
class Columns:
    """Where a table with headings has what is read, and the headings of what is not."""

    numbers: tuple[int, ...]
    types: tuple[int, ...]
    categories: tuple[int, ...]
    reentries: tuple[int, ...]
    left_out: tuple[str, ...]


def columns_of(cells: Sequence[str]) -> Columns | None:
    """Return the columns if the cells are the headings of a table with numbers."""
    words = [_word(cell) for cell in cells]
    ranked = (
        [at for at, word in enumerate(words) if one.fullmatch(word)] for one in _NUMBER_HEADINGS
    )
    numbers = next((found for found in ranked if found), [])
    if not numbers or sum(map(bool, words)) == 1:
        return None
    types, categories, reentries = (
        tuple(at for at, word in enumerate(words) if one.fullmatch(word))
        for one in (_TYPE_HEADINGS, _CATEGORY_HEADINGS, _REENTRY_HEADINGS)
    )
    read = {*numbers, *types, *categories, *reentries}
    left_out = tuple(
        "".join(cell.split())
        for at, cell in enumerate(cells)
        if at not in read and words[at] and words[at] not in _COUNTING_HEADINGS
    )
    return Columns(tuple(numbers), types, categories, reentries, left_out)


def is_heading(cell: str) -> bool:
    """Tell whether the cell by itself is a heading; 再入国 is none, it says something of a case."""
    word = _word(cell)
    known = (*_NUMBER_HEADINGS, _TYPE_HEADINGS, _CATEGORY_HEADINGS)
    return word in _COUNTING_HEADINGS | _OTHER_HEADINGS or any(one.fullmatch(word) for one in known)


def is_total(cell: str) -> bool:
    """Tell whether the row adds the others up."""
    return _word(cell) in _TOTALS


@dataclass(frozen=True)
class Vocabulary:
    """The words of one bureau, folded for comparison."""

    types: Mapping[str, ApplicationType]
    letters: Mapping[str, ReceiptCategory]
    questions: re.Pattern[str]

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
        return cls(types, letters, questions)

    def without_questions(self, text: str) -> str:
        """Leave out the words after a category's letter, since they may hold a comma."""
        return self.questions.sub("", text)

    def type_of(self, cell: str) -> ApplicationType | None:
        """Return the type that the cell names, by its short or its full name."""
        words = (_bare(cell), _bare(_unbracketed(cell)), _bare(cell).replace("の", ""))
        return next((self.types[word] for word in words if word in self.types), None)

    def category_of(self, cell: str) -> ReceiptCategory | None:
        """Return the category whose letter is the cell or begins it."""
        found = _CATEGORY.fullmatch(fold(cell, dashes=Dashes.AS_TYPED).strip())
        return self.letters.get(found[1]) if found else None


def reentry_of(cell: str, *, in_column: bool) -> bool | None:
    """Return whether the cell says 再入国あり or なし, None if it speaks of something else.

    In a column of that name あり or なし is enough.
    """
    plain = folded(_unbracketed(cell))
    found = _REENTRY.fullmatch(plain) or (in_column and _YES_OR_NO.fullmatch(plain)) or None
    return None if found is None else found["none"] is None


def _word(cell: str) -> str:
    plain = folded(cell)
    return _NO_WORD.sub("", plain) or plain


def _unbracketed(cell: str) -> str:
    found = _ALL_BRACKETED.fullmatch(fold(cell, dashes=Dashes.AS_TYPED).strip())
    return found[1] if found else cell


def _bare(name: str) -> str:
    return _ENDING.sub("", _BRACKETED.sub("", folded(name)))
