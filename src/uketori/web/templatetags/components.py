"""What the component templates need and a template cannot say by itself."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from uketori.web.form_problems import Problem, of_field, of_form

register = template.Library()

MESSAGE_KINDS = {"success": "good", "warning": "caution", "error": "wrong"}


@register.filter
def control(field: BoundField, width: str = "") -> SafeString:
    """Render the widget with the classes of a control, and of its width where one is given."""
    classes = ["input", field.field.widget.attrs.get("class", ""), width and f"input--{width}"]
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.filter
def told(field: BoundField) -> list[Problem]:
    """What is wrong with a field, each with its code if it is a refusal."""
    return of_field(field)


@register.filter
def problems(form: BaseForm) -> list[Problem]:
    """Everything that is wrong with a form, in the order of its fields."""
    return of_form(form)


@register.filter
def at(values: Mapping[Any, Any], key: object) -> object:
    """Look up a key that is itself a variable."""
    return values.get(key, "")


@register.filter
def message_kind(level_tag: str) -> str:
    """The component's kind for the level of a Django message."""
    return MESSAGE_KINDS.get(level_tag, "info")


@register.filter
def in_seconds(minutes: int) -> int:
    """Minutes as seconds, for scripts."""
    return minutes * 60


@register.filter
def dialled(number: str) -> str:
    """A telephone number as one dials it."""
    return "".join(filter(str.isdigit, number))


@register.filter
def steps(here: int) -> list[dict[str, object]]:
    """The four steps of a booking seen from the one where the person is; 5 means all done."""
    labels = [
        pgettext("手順", "日付選択"),
        pgettext("手順", "時間枠"),
        pgettext("手順", "案件"),
        pgettext("手順", "確認"),
    ]
    return [
        {"number": number, "label": label, "done": number < here, "here": number == here}
        for number, label in enumerate(labels, start=1)
    ]


@register.filter
def tally(taken: int, of: int) -> dict[str, object]:
    """The places of a tally as the server draws them: twelve and a bit wide each."""
    return {
        "left": max(of - taken, 0),
        "width": f"{12.6 * of + 1:.1f}",
        "places": [
            {"x": f"{12.6 * place + 0.5:.1f}", "taken": place < taken} for place in range(of)
        ],
    }


@register.simple_tag(takes_context=True)
def here(context: Context, *names: str) -> SafeString | str:
    """Mark the link of the present page; a name that ends in a colon stands for its namespace.

    A page that belongs under another link passes that link's name as ``nav_current``.
    """
    match = getattr(context.get("request"), "resolver_match", None)
    current = context.get("nav_current") or (match.view_name if match else "")
    is_here = any(
        current.startswith(name) if name.endswith(":") else current == name for name in names
    )
    return format_html(' aria-current="{}"', "page") if is_here else ""
