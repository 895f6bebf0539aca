"""What is Osaka's stands in its data: no name, word or number of the notice in code or templates.

Comments and docstrings may cite the notice; what is shown to somebody is filled in from the policy.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from tests.every_bureau.bureaus import CODES, policy_of
from uketori.rules.policy import BureauPolicy

SOURCE = Path(__file__).parent.parent.parent / "src" / "uketori"
MODULES = sorted(
    path for path in SOURCE.rglob("*.py") if not {"migrations", "data"} & set(path.parts)
)
TEMPLATES = sorted(path for folder in SOURCE.glob("*/templates") for path in folder.rglob("*.*"))
SCRIPTS = sorted(SOURCE.glob("*/static/**/*.js"))

NAMES = re.compile(
    r"大阪|大取|阪労|阪永|住之江|osaka|0570|０５７０|064259|immi-cardyoyaku|審査管理部門"
    r"|[２2]階[ＡA]カウンター|部署番号.{0,4}210|（本局）|(?<![0-9])06-",
    re.IGNORECASE,
)
"""Names, numbers and telephone prefixes of one bureau; 06 is the area code of its city."""
DIGITS = "0-9０-９"
NUMBERS = re.compile(
    rf"(?<![{DIGITS}])(?:"
    r"(?:15|１５|十五)件|(?:2|２|二)枠|(?:5|５|五)開庁日|(?:60|６０)分(?!間隔)"
    r"|(?:11|１１)時(?:59|５９)分|(?:11|１１)[:：](?:59|５９)|(?:1|１|一)時間(?!ほど)"
    rf"|(?:1|１|一)開庁日前|(?:2|２|二)枚)(?![{DIGITS}])"
)
"""Numbers of the notice with their units: a policy sets them, so no sentence may know them."""


def findings(text: str) -> list[str]:
    return [hit[0] for pattern in (NAMES, NUMBERS) for hit in pattern.finditer(text)]


def spoken_in(path: Path) -> str:
    """Return a module without its comments and docstrings."""
    source = path.read_text(encoding="utf-8")
    silent = set(docstring_lines(ast.parse(source)))
    kept = [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type != tokenize.COMMENT and token.start not in silent
    ]
    return "\n".join(kept)


def docstring_lines(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """Yield where bare strings begin: docstrings, and the notes below fields and constants."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.lineno, node.col_offset


def without_comments(template: str) -> str:
    return re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", template, flags=re.DOTALL)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module__knows_no_bureau(path: Path) -> None:
    assert findings(spoken_in(path)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template__knows_no_bureau(path: Path) -> None:
    assert findings(without_comments(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script__knows_no_bureau(path: Path) -> None:
    assert findings(re.sub(r"/\*.*?\*/|//.*", "", path.read_text("utf-8"), flags=re.DOTALL)) == []


@pytest.mark.parametrize("code", CODES)
def test_words_of_the_policy__stand_in_no_template_and_no_module(code: str) -> None:
    """Whatever a bureau says in its own words: code that says it too says it for all."""
    texts = {path.name: without_comments(path.read_text("utf-8")) for path in TEMPLATES}
    texts |= {str(path.relative_to(SOURCE)): spoken_in(path) for path in MODULES}

    words = set(said_by(policy_of(code))) - PLAIN
    found = {(word, name) for word in words for name, text in texts.items() if word in text}
    assert found - ALLOWED == set()


TEXTS = [one.name for one in fields(BureauPolicy) if one.type is str and one.name != "code"]
"""Every key that holds a text by itself: whoever adds one need not think of it here."""


def said_by(policy: BureauPolicy) -> list[str]:
    """Return the bureau's own words; of a document's name each paper by itself, too."""
    return [
        *(value for name in TEXTS if (value := getattr(policy, name))),
        *policy.application_types.values(),
        *policy.certificate_kinds.values(),
        *policy.intermediary_kinds.values(),
        *policy.category_questions.values(),
        *(one.text for one in policy.declarations),
        *policy.documents.values(),
        *filter(None, policy.document_notes.values()),
        *(clause for clause in policy.guide_clauses.values() if len(clause) > 1),
        *(f"「{letter}」" for letter in policy.categories.values()),
        *(part for name in policy.documents.values() for part in re.split("[（）]", name) if part),
    ]


PLAIN = {"証明書", "通知書", "在留カード"}
"""What everybody calls the thing, at every bureau; a bureau's own name of it is longer."""
_GUIDE, _PASTE = "bureaus/guide_sentences.py", "rules/paste_words.py"
ALLOWED = {
    *((word, _PASTE) for word in ("永住", "資格外活動", "就労資格証明書")),
    ("永住", _GUIDE),
    *((word, _GUIDE) for word in ("自分が申請した", "ほかの人が申請した")),
    ("同じ機関の別の職員が申請した", _GUIDE),
}
"""Word and place that may share it: what the law calls an application, which a pasted table may
hold, and the guide's plain words where a bureau has no name of its own for the answer."""


def test_findings__finds_what_it_is_for(tmp_path: Path) -> None:
    for text in ("おひとり２枠まで", "15件まで", "11時59分", "大阪出入国", "1時間の枠", "5開庁日"):
        assert findings(text), text
    for text in ("１枠まで", "115件", "12枠", "1210", "６桁"):
        assert findings(text) == [], text
    module = tmp_path / "module.py"
    module.write_text('"""Osaka."""\n\nFEW = 2  # 15件\n"""2枠."""\nMANY = "15件"\n', "utf-8")
    assert findings(spoken_in(module)) == ["15件"]
