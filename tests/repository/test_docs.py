"""What the documents say of the code is so."""

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from uketori.cli import main
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Refusal

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
RULES = ROOT / "docs" / "rules.md"
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))

CLAUSES = {
    *("1", "1(1)", "1(2)", "1(3)", "1(4)", "1(5)", "1(6)"),
    *("1 ア", "1 イ", "1 ウ", "1 エ", "1 注意", "※1", "※2"),
    *("2(1)", "2(2)", "2(3)", "3(1)", "3(2)", "3 ※", "4(1)", "4(2)", "4(3)"),
    *("5", "6(1)", "6(2)", "6(3)", "6(4)", "6(5)"),
}
CITED = [
    path for path in (ROOT / "src").rglob("*") if path.suffix in {".py", ".html", ".toml", ".txt"}
]
DECISIONS = {
    cited for path in CITED for cited in re.findall(r"\bD[0-9]{2}\b", path.read_text("utf-8"))
}
CITATION = re.compile(r"\b[1-6]\([1-6]\)|\b[DR]-?[0-9]{2}\b|(?:^|(?<=[ ,]))[1-6](?= ア|,|$)|※[12]")


def rows_of(path: Path, first_heading: str) -> list[list[str]]:
    """Return the cells of every table whose first heading is this one."""
    found: list[list[str]] = []
    inside = False
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == first_heading:
            inside = True
        elif inside and set(line) - set("|-"):
            found.append(cells)
    return found


def codes_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def source_of(module: str) -> Path | None:
    """Return the file of a module of ours, without importing it."""
    stem = ROOT / "src" / Path(*module.split("."))
    return next(
        (path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.is_file()), None
    )


def functions_in(path: Path) -> set[str]:
    return {node.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef)}


CLAUSE_ROWS = rows_of(RULES, "Clause")
DECISION_ROWS = rows_of(RULES, "Decision")
REFUSAL_ROWS = rows_of(RULES, "Refusal")
ALL_ROWS = [*CLAUSE_ROWS, *DECISION_ROWS]


def test_rules__every_clause_and_decision__has_one_row() -> None:
    assert sorted(row[0] for row in CLAUSE_ROWS) == sorted(CLAUSES)
    assert sorted(row[0] for row in DECISION_ROWS) == sorted(DECISIONS)


@pytest.mark.parametrize("row", ALL_ROWS, ids=lambda row: row[0])
def test_rules__row__names_what_exists(row: list[str]) -> None:
    _clause, says, modules, keys, tests, state = row
    known_keys = {field.name for field in fields(BureauPolicy)}

    assert says
    assert codes_in(modules)
    assert [name for name in codes_in(modules) if source_of(name) is None] == []
    assert [key for key in codes_in(keys) if key not in known_keys] == []
    assert list(missing_tests(codes_in(tests))) == []
    assert codes_in(tests) or state.startswith("**later**"), "built, and no test"


def missing_tests(names: list[str]) -> Iterator[str]:
    for name in names:
        path, _, function = name.partition("::")
        if not (ROOT / path).is_file() or function not in functions_in(ROOT / path):
            yield name


def test_rules__every_policy_key__serves_a_clause_or_a_decision() -> None:
    """The rest are words and numbers that no clause speaks of."""
    free = {
        *("code", "effective_from", "tz", "bureau_name", "service_name", "address"),
        "staff_idle_minutes",  # b.10, ADR 0015
        "slots_kept_open_days",
    }
    named = {key for row in ALL_ROWS for key in codes_in(row[3])}

    assert {field.name for field in fields(BureauPolicy)} - named == free


def test_rules__every_refusal__listed_with_its_clause() -> None:
    listed = {codes_in(row[0])[0]: row[1] for row in REFUSAL_ROWS}

    assert list(listed) == [member.value for member in Refusal]
    assert [code for code, clause in listed.items() if not CITATION.search(clause)] == []


def test_rules__clause_beside_a_refusal__is_the_one_in_its_comment() -> None:
    source = (ROOT / "src/uketori/rules/refusals.py").read_text(encoding="utf-8")
    comments = dict(re.findall(r'^    ([A-Z_]+) = "[A-Z_]+"  # (.+)$', source, re.MULTILINE))
    listed = {codes_in(row[0])[0]: row[1] for row in REFUSAL_ROWS}

    for code, comment in comments.items():
        cited = set(CITATION.findall(comment))
        assert cited <= set(CITATION.findall(listed[code])), code


GLOSSARY_ROWS = rows_of(ROOT / "docs" / "glossary.md", "Japanese")


@pytest.mark.parametrize("row", GLOSSARY_ROWS, ids=lambda row: row[0])
def test_glossary__identifier__is_at_home_where_it_says(row: list[str]) -> None:
    _japanese, _english, identifiers, where = row
    if where == "words":
        return
    path = source_of(where.strip("`"))

    assert path is not None
    assert list(unknown_names(codes_in(identifiers), tree_of(path))) == []


def unknown_names(identifiers: list[str], tree: ast.Module) -> Iterator[str]:
    """Yield what no definition has; ``.MEMBER`` belongs to the class named before it."""
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    words = set(names_in(tree))
    last_class = ""
    for identifier in identifiers:
        if "." in identifier:
            owner, member = identifier.split(".")
            last_class = owner or last_class
            if last_class not in classes or member not in set(names_in(classes[last_class])):
                yield identifier
        elif identifier != "osaka" and not (
            identifier in words or source_of(f"uketori.rules.{identifier}")
        ):
            yield identifier


def names_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name):
                yield name
            case ast.arg(arg=name) | ast.alias(name=name) | ast.Constant(value=str(name)):
                yield name


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_adr__context_decision_consequences(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.match(rf"# {path.stem[:4]} \S", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 60, "a page at most"


def test_adrs__numbered_without_gap() -> None:
    assert [int(path.stem[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))


def code_of(document: Path) -> str:
    """Return what stands in code blocks and code spans."""
    text = document.read_text(encoding="utf-8")
    found = re.findall(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", text, re.DOTALL)
    return "\n".join(block or span for block, span in found)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_document__make_targets_and_links__exist(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)

    assert (
        set(re.findall(r"^\s*make ([a-z-]+)", code_of(document), re.MULTILINE)) - targets == set()
    )
    ours = [link for link in links if not link.startswith("http")]
    assert [link for link in ours if not (document.parent / link).exists()] == []


def test_readme__map_of_the_house__each_path_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (tree,) = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    paths = [line.split()[0] for line in tree.splitlines() if line[:1].strip()]

    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


def samples() -> list[tuple[str, str]]:
    """Return each command line of the README's consoles and the output shown below it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [
        (command, output)
        for block in blocks
        for command, output in re.findall(r"^\$ (.+)\n((?:[^$].*\n)*)", block, re.MULTILINE)
        if command.startswith(".venv/bin/uketori ")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("command", "shown"), samples())
def test_readme__sample__is_what_the_command_says(
    command: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out == shown


RESERVATION_TEMPLATES = ROOT / "src/uketori/reservations/templates/reservations"


@pytest.mark.parametrize(
    "name", ["booking/confirm.html", "mine/day_of_visit.html", "mail/confirmation.txt"]
)
@pytest.mark.parametrize(
    "words",
    [
        "結果の交付が終わったことにはなりません",  # 6(1)
        "書類の不備や、交付できる期間でないなどの理由で、受け取れないことがあります",  # 6(2)
        "予約は使えません",  # 6(3)
    ],
)
def test_notice_6__said_before_confirming_on_the_page_and_in_the_mail(
    name: str, words: str
) -> None:
    text = (RESERVATION_TEMPLATES / name).read_text(encoding="utf-8")
    said = re.sub(r"\{%.*?translate[^\"'%]*\"?|\"? ?%\}|\s", "", text)

    assert words in said


# Not written as they are meant, so that this file does not find itself.
FOREIGN = re.compile(
    r"(?<![\w.:])/(?:work|root|home)/"
    r"|\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io|docker\.io|ghcr\.io|quay\.io)",
    re.IGNORECASE,
)
KINDS = {".py", ".md", ".toml", ".html", ".txt", ".css", ".js", ".csv", ".lock", ".svg", ""}


def test_nothing__names_a_machine_or_a_registry() -> None:
    folders = [ROOT / name for name in ("src", "tests", "docs", "scripts", ".ci")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in KINDS]
    files += [path for path in ROOT.iterdir() if path.suffix in KINDS]
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in files
        if path.is_file()
        and "egg-info" not in str(path)
        and (hit := FOREIGN.search(path.read_text(encoding="utf-8", errors="replace")))
    ]

    assert found == []
