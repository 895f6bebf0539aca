"""The components with a form: labels, help, errors and codes belong together."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from uketori.web.fields import DayField
from uketori.web.form_problems import Problem, of_form


class Card(forms.Form):
    name = forms.CharField(
        label="お名前",
        help_text="証明書と同じ文字",
        error_messages={"required": "お名前を入力してください。"},
    )
    kana = forms.CharField(label="フリガナ", required=False)
    kind = forms.ChoiceField(
        label="証明書", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect
    )
    expires_on = DayField(label="有効期限")

    def clean_expires_on(self) -> date:
        message = "期限が切れています。"
        raise ValidationError(message, code="CERTIFICATE_EXPIRED")


def filled(**data: str) -> Card:
    day = {"expires_on_year": "２０２６", "expires_on_month": "6", "expires_on_day": "1"}
    return Card(day | data)


def shown(component: str, **arguments: object) -> str:
    return render_to_string(f"web/components/{component}.html", arguments)


def test_field__wrong__label_help_error_and_control_in_order() -> None:
    html = shown("field", field=filled()["name"], width="name")

    parts = ["※必須", 'id="id_name_helptext"', "お名前を入力してください。", "<input"]
    assert [html.index(part) for part in parts] == sorted(html.index(part) for part in parts)
    assert 'class="input input--name"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert "data-refusal" not in html


def test_field__optional__says_so() -> None:
    assert "※任意" in shown("field", field=Card()["kana"])


def test_choices__with_help_and_sign__keep_the_choice() -> None:
    html = shown("choices", field=filled(kind="b")["kind"], helps={"a": "説明"}, signs={"b": "イ"})

    assert html.count("choice__help") == html.count("choice__sign") == 1
    assert 'value="b" id="id_kind_1" checked' in html


def test_day_fields__refused__carry_the_code() -> None:
    html = shown("day_fields", field=filled()["expires_on"])

    assert 'data-refusal="CERTIFICATE_EXPIRED"' in html
    assert 'name="expires_on_year"' in html
    assert 'aria-describedby="id_expires_on_error"' in html


def test_error_summary__links_to_the_first_control_of_each_field() -> None:
    problems = of_form(filled(kind="a"))

    assert problems == [
        Problem("id_name", "お名前を入力してください。"),
        Problem("id_expires_on_0", "期限が切れています。", "CERTIFICATE_EXPIRED"),
    ]
    html = shown("error_summary", errors=problems)
    assert "2か所をなおしてください" in html
    assert '<a class="error-summary__link" href="#id_expires_on_0">' in html


def test_error_summary__nothing_wrong__is_nothing() -> None:
    assert shown("error_summary", errors=[]).strip() == ""


END_OF_MARCH = date(2027, 3, 31)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (["2027", "3", "31"], END_OF_MARCH),
        (["２０２７", "３", " 31 "], END_OF_MARCH),
        (["2027年", "3月", "31日"], END_OF_MARCH),
        (["\u200e2027\u202c", "03", "31"], END_OF_MARCH),
        (["令和9", "3", "31"], END_OF_MARCH),
        (["令和 ９年", "3", "31"], END_OF_MARCH),
        (["㋿9", "3", "31"], END_OF_MARCH),
        (["R9", "3", "31"], END_OF_MARCH),
        (["ｒ．９", "3", "31"], END_OF_MARCH),
        (["令和元", "5", "1"], date(2019, 5, 1)),
        (["令和9年3月31日", "", ""], END_OF_MARCH),
        (["R9.3.31", "", ""], END_OF_MARCH),
        (["R.9.3.31", "", ""], END_OF_MARCH),
        (["2027年３月３１日", "", ""], END_OF_MARCH),
        (["2027-03-31", "", ""], END_OF_MARCH),
        (["2027‐3‐31", "", ""], END_OF_MARCH),
        (["2027/3/31", "", ""], END_OF_MARCH),
    ],
)
def test_day_field__however_it_is_written__is_read(typed: list[str], day: date) -> None:
    assert DayField().clean(typed) == day


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (["", "", ""], "required"),
        (["2027", "", "1"], "incomplete"),
        (["2027", "三", "1"], "invalid"),
        (["2027", "2", "29"], "no_such_day"),
        (["2027", "13", "1"], "no_such_day"),
        (["2027", "3月31日", ""], "incomplete"),
        (["9", "3", "31"], "year"),
        (["27", "3", "31"], "year"),
        (["0009", "3", "31"], "year"),
        (["0", "1", "1"], "year"),
        (["99999", "1", "1"], "year"),
        (["令和", "1", "1"], "year"),
        (["令和0", "1", "1"], "year"),
        (["平成9", "1", "1"], "year"),
        (["9年3月31日", "", ""], "year"),
        (["令和9年2月31日", "", ""], "no_such_day"),
        (["20270331", "", ""], "incomplete"),
        (["2027", "9" * 5000, "1"], "invalid"),
    ],
)
def test_day_field__no_day__says_why(typed: list[str], code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DayField().clean(typed)

    assert caught.value.error_list[0].code == code


@pytest.mark.parametrize("state", ["free", "few", "full", "over", "closed", "done"])
def test_state__is_a_shape_and_a_word(state: str) -> None:
    html = shown("state", state=state, word="ことば")

    assert f'class="state state--{state}"' in html
    assert "<svg" in html
    assert "ことば" in html


def test_tally__draws_each_place() -> None:
    html = shown("tally", taken=12, of=15)

    assert html.count("<rect") == 15
    assert html.count("tally__place--taken") == 12
    assert 'viewBox="0 0 190.0 12"' in html
    assert "あと3件加えられます。" in html


def test_steps__done_here_and_next() -> None:
    html = shown("steps", here=2)

    assert [html.count(f"steps__item--{state}") for state in ("done", "here", "next")] == [1, 1, 2]
    assert html.count('aria-current="step"') == 1
