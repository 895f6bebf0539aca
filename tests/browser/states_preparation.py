"""The states of the preparation list, on Wednesday 12:05 before the Thursday it is about."""

from datetime import date

from tests import factories, situations
from tests.browser.stage import Stage
from tests.browser.states_staff import enter, staff_state
from tests.changes import cancel, change
from tests.policies import at
from uketori import clock
from uketori.counter.models import Printing, Sheet, Step
from uketori.counter.visit.facts import note
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.policy import IntermediaryKind

LIST = "/staff/osaka/counter/preparation/2026-06-11"
HOURS = (9, 10, 11, 13, 14, 15)
PEOPLE = [
    ("別府 健", "ベップ ケン", "株式会社あおぞら製作所"),
    ("川口 誠", "カワグチ マコト", ""),
    ("青木 花子", "アオキ ハナコ", "株式会社あおぞら製作所"),
    ("佐野 実", "サノ ミノル", "佐野行政書士事務所"),
    ("NGUYEN THI LAN", "グエン ティ ラン", "なにわ協同組合"),
    ("三浦 恵", "ミウラ メグミ", "公益財団法人みなと国際会"),
]
LETTERS = {
    "E": "extension",
    "C": "change",
    "P": "permanent",
    "S": "extra_activity",
    "G": "acquisition_birth",
}
CATEGORIES = ("own", "same_org", "org_receive_only")


def fill(hours: int, people: int, cases: int) -> list[Reservation]:
    """So many hours of Thursday, people an hour and cases each, all types and categories."""
    made = []
    for hour in HOURS[:hours]:
        for name, kana, organisation in PEOPLE[:people]:
            kind = IntermediaryKind.ORG_STAFF if organisation else IntermediaryKind.GYOSEISHOSHI
            person = factories.intermediary(
                name, kind=kind, name_kana=kana, organisation=organisation
            )
            claim = factories.claim(f"{len(made)}@example.jp", person=person)
            first = 1000 + len(made) * 37
            numbers = [
                f"阪労{'一二三四'[index % 4]}{'ECPSG'[index % 5]}{first + index:05d}"
                for index in range(cases)
            ]
            made.append(factories.reservation(claim, at(f"2026-06-11 {hour:02}:00"), numbers))
    rows = list(ReservedCase.objects.all())
    for case in rows:
        case.type = LETTERS[case.number[3]]
        case.category = CATEGORIES[case.order % 3]
    ReservedCase.objects.bulk_update(rows, ["type", "category"])
    return made


def issued_before(one: Reservation) -> None:
    """The first card of the reservation was issued a week before, in another one."""
    week_before = at("2026-06-04 10:00")
    gone = [one.cases.get(order=1).number]
    was = factories.reservation(situations.beppu(), week_before, gone, served_at=week_before)
    was.cases.update(outcome="issued")


def a_day(stage: Stage) -> list[Reservation]:
    """Two hours of four people, with a number twice, one that was issued before, and both marks."""
    stage.set_clock("2026-06-10 12:05")
    made = fill(2, 4, 8)
    twice = made[0].cases.get(order=1).number
    factories.reservation(situations.chinen(), at("2026-06-12 10:00"), [twice])
    issued_before(made[1])
    made[0].cases.filter(order=2).update(ahead_mark="not_ready", ahead_at=clock.now())
    made[0].cases.filter(order=3).update(ahead_mark="wrong_number", ahead_at=clock.now())
    return made


@staff_state
def preparation_hours(stage: Stage) -> None:
    a_day(stage)
    enter(stage, LIST)


@staff_state
def preparation_numbers(stage: Stage) -> None:
    a_day(stage)
    enter(stage, f"{LIST}?view=numbers")


@staff_state
def preparation_desk(stage: Stage) -> None:
    a_day(stage)
    enter(stage, f"{LIST}?view=desk")


@staff_state
def preparation_not_final(stage: Stage) -> None:
    fill(1, 2, 3)
    enter(stage, LIST)
    assert "まだ変わることがあります" in stage.page.inner_text("main")


@staff_state
def preparation_none(stage: Stage) -> None:
    enter(stage, LIST)


@staff_state
def preparation_marked(stage: Stage) -> None:
    a_day(stage)
    enter(stage, LIST)
    for box in stage.page.locator("main input[type=checkbox]").all()[4:7]:
        box.check()
    stage.press("まだ交付できない")
    stage.press("印を付けて、メールで知らせる")
    stage.page.get_by_text("（3件）に印を付けました").wait_for()


@staff_state
def preparation_marks_reviewed(stage: Stage) -> None:
    made = a_day(stage)
    enter(stage, LIST)
    for case in made[1].cases.order_by("order")[:2]:
        stage.page.get_by_label(case.number).first.check()
    stage.press("まだ交付できない")
    stage.page.get_by_role("heading", name="2件に「まだ交付できない」の印を付けます").wait_for()


@staff_state
def preparation_taking_out(stage: Stage) -> None:
    (one, *_others) = a_day(stage)
    enter(stage, LIST)
    choose(stage, one)


@staff_state
def preparation_taking_out_wrong(stage: Stage) -> None:
    preparation_taking_out(stage)
    stage.press("確認へ進む")
    stage.page.locator(".error-summary").wait_for()


@staff_state
def preparation_taking_out_review(stage: Stage) -> None:
    preparation_taking_out(stage)
    stage.page.get_by_label("この窓口の申請ではない（当局のほかの窓口）").check()
    stage.press("確認へ進む")
    stage.page.get_by_text("予約は6件になります").wait_for()


@staff_state
def preparation_taking_out_too_late(stage: Stage) -> None:
    (one, *_others) = a_day(stage)
    cancel(one, at=at("2026-06-09 10:00"))
    enter(stage, f"/staff/osaka/counter/{one.reference}/taking-out")


def choose(stage: Stage, one: Reservation, *orders: int) -> None:
    """Choose cases on the list, the fourth and the fifth, and unfold the rare way."""
    for case in one.cases.filter(order__in=orders or (4, 5)):
        stage.page.locator(f"main input[name=case][value='{case.pk}']").check()
    stage.page.get_by_text("この窓口の申請ではない案件があるとき").click()
    stage.press("選んだ案件を予約から除く（確認の画面へ）")
    stage.page.get_by_role("heading", name="この窓口の申請ではない案件を、予約から除く").wait_for()


def some_changes(stage: Stage) -> None:
    """Printed twice; since then one of everything."""
    first, second, third, fourth, fifth, *_rest = fill(2, 4, 4)
    for moment in ("2026-06-10 09:00", "2026-06-10 10:00"):
        actor = situations.staff().actor
        day = date(2026, 6, 11)
        Printing.objects.create(
            bureau="osaka", day=day, printed_at=at(moment), sheet=Sheet.HOURS, actor=actor
        )
    stage.set_clock("2026-06-10 11:00")
    change(first, withdrawn=[1], corrected={2: "阪労一E09999"})
    cancel(second)
    change(third, withdrawn=[4])
    change(third, put_back=["阪労一E08888"])
    Reservation.objects.filter(pk=fourth.pk).update(booked_at=clock.now())
    issued_before(third)
    marked = fifth.cases.get(order=1)
    note(fifth, Step.AHEAD_MARK, case=marked, actor="staff:1", at=clock.now(), after="not_ready")
    fifth.cases.filter(pk=marked.pk).update(ahead_mark="not_ready", ahead_at=clock.now())
    stage.set_clock("2026-06-10 12:05")


@staff_state
def preparation_rare_unfolded(stage: Stage) -> None:
    a_day(stage)
    enter(stage, f"{LIST}?view=numbers")
    stage.page.get_by_text("この窓口の申請ではない案件があるとき").click()


@staff_state
def preparation_differences(stage: Stage) -> None:
    some_changes(stage)
    enter(stage, f"{LIST}/differences")
