"""What holds for every mail, whatever stands in the data: lines, links, telephone, politeness."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.every_bureau.bureaus import FOLDER
from tests.mails.reading import says, solid
from tests.mails.stage import ACTS, NUMBERS, Stage, mail_after
from uketori.bureaus.banners import set_banner
from uketori.bureaus.policies import policies_of
from uketori.mail_wrapping import WIDEST, columns_of
from uketori.outbox.registry import Rendered
from uketori.rules.policy import BureauPolicy

pytestmark = pytest.mark.django_db
every_mail = pytest.mark.parametrize("event", sorted(ACTS))

LINK = re.compile(r"https?://[!-~]+")
POLITE = ("ます", "です", "ません", "ました", "でした", "ください", "案件2")
"""The last one is a paper's note: it names the cases and goes on."""
LONG_KEYS = (
    *("bureau_name", "service_name", "counter", "reservation_desk", "ordinary_counter"),
    *("contact_section", "contact_hours", "contact_phone_note", "name", "note"),
)
LONG_WORDS = "長い名前の出入国在留管理局と関係するすべての部門、出張所および分室の共同の"
LONG_NAMES = {
    "100 characters": "亜" * 100,
    "Latin": ("Bartholomäus Maximilian " * 9)[:100],
    "one word": "Llanfair" * 12,
    "with marks": "葛󠄀城" * 33,
}


def too_wide(told: Rendered) -> list[str]:
    """The lines over the limit; a link alone on its line may have it passed."""
    lines = told.body.split("\n")
    return [one for one in lines if columns_of(one) > WIDEST and not LINK.fullmatch(one)]


@pytest.fixture
def wordy_stage(stage: Stage, tmp_path: Path, settings: Any) -> Stage:
    """The same bureau, all of whose texts are four lines long."""
    name = f"policy.{stage.policy.effective_from}.toml"
    text = (FOLDER / stage.policy.code / name).read_text(encoding="utf-8")
    keys = "|".join(LONG_KEYS)
    text = re.sub(rf'\b({keys}) = "(?!")', rf'\1 = "{LONG_WORDS * 3}', text)
    folder = tmp_path / stage.policy.code
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    settings.BUREAUS_FOLDER = str(tmp_path)
    (stage.policy,) = policies_of(stage.policy.code)
    assert LONG_WORDS in stage.policy.counter
    sentence = (
        f"台風のため、午後は閉庁します。{LONG_WORDS * 2}https://example.jp/a をごらんください。"
    )
    set_banner(bureau=stage.policy.code, text=sentence, actor="staff:1", at=stage.now)
    return stage


@every_mail
def test_lines__ordinary_data__at_most_35_full_width_signs(stage: Stage, event: str) -> None:
    assert too_wide(stage.rendered(mail_after(event, stage))) == []


@every_mail
def test_banner__of_its_bureau__in_every_mail_once(stage: Stage, event: str) -> None:
    texts = {"osaka": "台風のため、本日は閉庁します。", "minato": "停電のため、午後は閉庁します。"}
    for code, text in texts.items():
        set_banner(bureau=code, text=text, actor="staff:1", at=stage.now)
    said = texts.pop(stage.policy.code)
    (of_others,) = texts.values()

    body = stage.rendered(mail_after(event, stage)).body

    assert body.startswith("【お知らせ】")
    assert solid(body).count(said) == 1
    assert of_others not in solid(body)


@every_mail
@pytest.mark.parametrize("name", LONG_NAMES.values(), ids=LONG_NAMES)
def test_lines__long_names_and_a_wordy_bureau__at_most_35_full_width_signs(
    wordy_stage: Stage, event: str, name: str
) -> None:
    stage = wordy_stage
    stage.name, stage.organisation = name, name * 2
    stage.certificate = ("（大）行政書士第" + "12345" * 12)[:60]

    told = stage.rendered(mail_after(event, stage))

    assert too_wide(told) == []
    assert says(told.body, f"台風のため、午後は閉庁します。{LONG_WORDS * 2}")
    assert "\n" not in told.subject
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", told.subject + told.body)


@every_mail
def test_numbers_and_reference__long_types_beside_them__never_broken(
    wordy_stage: Stage, event: str
) -> None:
    wordy_stage.is_proved = True
    long = "阪労一" + "E0123456789" * 2
    wordy_stage.reservation.cases.filter(order__in=(1, 2)).update(number=long)

    body = wordy_stage.rendered(mail_after(event, wordy_stage)).body

    for words in (wordy_stage.reservation.reference, long, NUMBERS[2]):
        assert body.count(words) == solid(body).count(words)


@every_mail
def test_links__alone_on_their_line_and_under_76_columns(stage: Stage, event: str) -> None:
    lines = stage.rendered(mail_after(event, stage)).body.split("\n")
    with_link = [place for place, line in enumerate(lines) if LINK.search(line)]

    for place in with_link:
        assert LINK.fullmatch(lines[place])
        assert len(lines[place]) < 76
        assert (lines[place - 1], lines[place + 1]) == ("", "")


@every_mail
def test_telephone__number_section_code_and_hours__in_every_mail(
    stage: Stage, event: str, policy: BureauPolicy
) -> None:
    body = stage.rendered(mail_after(event, stage)).body

    for words in (policy.contact_section, policy.contact_phone, policy.contact_hours):
        assert says(body, words), words
    assert ("部署番号" in body) is bool(policy.phone_menu_code)
    assert policy.phone_menu_code in body


@every_mail
def test_answers__read_where_the_policy_says_or_said_not_to_be(
    stage: Stage, event: str, policy: BureauPolicy
) -> None:
    rendered = stage.rendered(mail_after(event, stage))

    assert rendered.reply_to == policy.mail_reply_to
    assert says(rendered.body, "このメールに返信すると") is bool(policy.mail_reply_to)
    assert says(rendered.body, "お答えできません") is not bool(policy.mail_reply_to)


@every_mail
def test_sentences__polite_and_whole(stage: Stage, event: str) -> None:
    body = solid(stage.rendered(mail_after(event, stage)).body)
    sentences = [one for one in re.split(r"(?<=。)", body) if one.endswith("。")]

    assert sentences
    assert [one for one in sentences if not one[:-1].endswith(POLITE)] == []
    assert not re.search(r"[{}]|None|True|False|%\(", body)


@every_mail
def test_subject__nothing_personal(stage: Stage, event: str) -> None:
    subject = stage.rendered(mail_after(event, stage)).subject

    for words in (stage.name, stage.certificate, stage.organisation, "@", *NUMBERS):
        assert words not in subject
    assert len(subject) <= 60


@every_mail
def test_mail__of_an_office_with_markup_in_its_name__as_typed(stage: Stage, event: str) -> None:
    stage.name = "O'Brien & Söhne <b>"

    told = stage.rendered(mail_after(event, stage))

    assert "&amp;" not in told.body
    assert "&#" not in told.body + told.subject
