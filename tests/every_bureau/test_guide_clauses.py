"""The guide cites the bureau's own notice, or nothing.  利用案内 1, R-05 … R-14."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.every_bureau.bureaus import CODES, FOLDER, foreign_words, policy_of
from uketori.bureaus.guide_words import no_page, yes_page
from uketori.rules.guide import Ask, No, Stop, Yes, answers_to, go_through
from uketori.rules.policy import BureauPolicy

HEADING = re.compile(r"^## (?P<number>[０-９]+)", re.MULTILINE)
MARK = re.compile(r"（[０-９]+）|※[０-９]+|注意|[^・～\s０-９（）※]")
"""What a clause may name within its section: （４）, ※１, 注意, or a letter."""
each_bureau = pytest.mark.parametrize("code", CODES)


def section_of(code: str, clause: str) -> str:
    """The section of the notice that begins with the number of the clause; for ※１ all of it."""
    body = (FOLDER / code / "notice.ja.md").read_text("utf-8")
    parts = HEADING.split(body)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    number = re.match("[０-９]+", clause)
    return sections[number[0]] if number else body


def missing_marks(clause: str, text: str) -> list[str]:
    return [mark for mark in MARK.findall(clause) if not stands(mark, text)]


def stands(mark: str, text: str) -> bool:
    """Whether the notice has this mark at an item or in brackets, not only within a sentence."""
    bare = mark.strip("（）")
    return f"（{bare}）" in text or f"- {bare}　" in text


def ends(policy: BureauPolicy, told: dict[str, str] | None = None) -> Iterator[No | Yes]:
    """Every end that some answers reach."""
    state = go_through(told or {}, policy)
    if not isinstance(state, Ask):
        yield state
        return
    for answer in answers_to(state.question, state.given, policy):
        yield from ends(policy, {**(told or {}), state.question: answer})


@each_bureau
def test_clauses__given_by_the_policy__stand_in_the_bureaus_own_notice(code: str) -> None:
    policy = policy_of(code)
    assert policy.guide_clauses

    for stop, clause in policy.guide_clauses.items():
        assert missing_marks(clause, section_of(code, clause)) == [], (stop, clause)


@each_bureau
def test_letters_of_the_categories__stand_in_the_first_section(code: str) -> None:
    section = section_of(code, "１")

    assert [one for one in policy_of(code).categories.values() if f"- {one}　" not in section] == []


def test_clause_of_another_notice__is_found() -> None:
    minato = section_of("minato", "１")

    assert missing_marks("１ 注意", minato) == ["注意"]
    assert missing_marks("１（４）", minato) == ["（４）"]
    assert missing_marks("１ ア～エ", minato) == ["ア", "エ"]
    assert missing_marks("※１", section_of("minato", "※１")) == ["※１"]


@each_bureau
def test_guide__every_end__speaks_of_no_other_bureau(code: str) -> None:
    policy = policy_of(code)
    for one in ends(policy):
        page = no_page(one, policy) if isinstance(one, No) else yes_page(one, policy)
        assert foreign_words(repr(page), code) == []


@pytest.mark.django_db
def test_guide__stop_without_a_clause__cites_nothing(both_bureaus: None) -> None:
    assert Stop.FILED_ONLINE not in policy_of("minato").guide_clauses
    silent = Client().get("/minato/eligibility?filed=online").content.decode()
    citing = Client().get("/minato/eligibility?filed=other_office").content.decode()

    assert 'data-refusal="FILED_ONLINE"' in silent
    assert "根拠" not in silent
    assert "利用案内 １</a>" in citing
