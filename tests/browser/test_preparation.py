"""The preparation list on screen and on paper: every number once, an hour a page, A4, in grey."""

import io
import re

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests import factories, situations
from tests.browser.looking import PICTURES, assert_fits, assert_is_dressed, take_picture, violations
from tests.browser.stage import Stage
from tests.browser.test_ticket import squeezed
from tests.policies import at
from uketori import clock
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.policy import IntermediaryKind
from uketori.staff.sessions import STAFF_COOKIE

pytestmark = pytest.mark.browser

A4 = (595, 842)
PAGE = "/staff/osaka/counter/preparation/2026-06-11"
VIEWS = ["hours", "numbers", "desk"]
NAMES = [
    ("別府 健", "ベップ ケン", "株式会社あおぞら製作所"),
    ("川口 誠", "カワグチ マコト", ""),
    ("青木 花子", "アオキ ハナコ", "株式会社あおぞら製作所"),
    ("佐野 実", "サノ ミノル", "佐野行政書士事務所"),
    ("NGUYEN THI LAN", "グエン ティ ラン", "なにわ協同組合"),
    ("三浦 恵", "ミウラ メグミ", "公益財団法人みなと国際会"),
]
TYPES = ["extension", "change", "permanent", "extra_activity", "acquisition_birth"]
LETTERS = ["E", "C", "P", "S", "G"]
CATEGORIES = ["own", "same_org", "org_receive_only"]


def fill(hours: int, people: int, cases: int) -> list[Reservation]:
    """So many hours of Thursday, people an hour and cases each; the numbers are mixed up."""
    made = []
    for hour in (9, 10, 11, 13, 14, 15)[:hours]:
        for name, kana, organisation in NAMES[:people]:
            kind = IntermediaryKind.ORG_STAFF if organisation else IntermediaryKind.GYOSEISHOSHI
            person = factories.intermediary(
                name, kind=kind, name_kana=kana, organisation=organisation
            )
            claim = factories.claim(f"{len(made)}@example.jp", person=person)
            first = 1000 + len(made) * 37
            numbers = [
                f"阪労{'一二三四'[index % 4]}{LETTERS[index % 5]}{first + index:05d}"
                for index in range(cases)
            ]
            made.append(factories.reservation(claim, at(f"2026-06-11 {hour:02}:00"), numbers))
    for case in ReservedCase.objects.all():
        case.type = TYPES[LETTERS.index(case.number[3])]
        case.category = CATEGORIES[case.order % 3]
        case.save()
    return made


def open_list(stage: Stage, rest: str = "") -> Page:
    """Open a page of the list as 千葉, on Wednesday 12:05."""
    stage.set_clock("2026-06-10 12:05")
    cookie = situations.staff_client().cookies[STAFF_COOKIE].value
    stage.page.context.add_cookies([{"name": STAFF_COOKIE, "value": cookie, "url": stage.root}])
    stage.page.goto(f"{stage.root}{PAGE}{rest}")
    return stage.page


def printed(page: Page) -> PdfReader:
    """What comes out of the printer; the sheet says its own size."""
    paper = page.pdf(prefer_css_page_size=True)
    if PICTURES:
        with open(f"{PICTURES}/preparation-{len(paper)}.pdf", "wb") as file:  # noqa: PTH123
            file.write(paper)
    return PdfReader(io.BytesIO(paper))


def numbers_in(text: str) -> list[str]:
    return re.findall(r"阪労[一二三四][A-Z][0-9]{5}", squeezed(text))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("people", "cases"), [(5, 12), (6, 10)])
def test_paper__sixty_and_three_hundred_and_sixty_cases__each_once(
    stage: Stage, view: str, people: int, cases: int
) -> None:
    hours = 1 if people == 5 else 6
    made = fill(hours, people, cases)
    page = open_list(stage, f"?view={view}")
    sheets = printed(page).pages
    texts = [squeezed(sheet.extract_text()) for sheet in sheets]
    found = [number for text in texts for number in numbers_in(text)]
    expected = list(ReservedCase.objects.values_list("number", flat=True))

    assert sorted(found) == sorted(expected)
    assert len(expected) == hours * people * cases
    for sheet in sheets:
        assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == A4
    for place, text in enumerate(texts, start=1):
        assert f"{place}/{len(texts)}" in text
        assert "6月11日(木)" in text
    for one in made:
        assert any(one.reference in text for text in texts)
    if view != "numbers":
        for text in texts:
            assert len(set(re.findall(r"[0-9]+時~[0-9]+時", text))) == 1


@pytest.mark.parametrize("width", [1024, 1280])
@pytest.mark.parametrize("view", VIEWS)
def test_screen__sound(stage: Stage, view: str, width: int) -> None:
    first, *_rest = fill(2, 4, 8)
    factories.reservation(
        situations.chinen(), at("2026-06-12 10:00"), [first.cases.all()[0].number]
    )
    first.cases.filter(order=2).update(ahead_mark="not_ready", ahead_at=clock.now())
    first.cases.filter(order=3).update(ahead_mark="wrong_number", ahead_at=clock.now())
    stage.page.set_viewport_size({"width": width, "height": 900})
    page = open_list(stage, f"?view={view}")

    take_picture(page, f"preparation-{view}-{width}")
    assert_is_dressed(page)
    assert_fits(page)
    assert violations(page) == []
