"""A page as a browser without scripts reads it: headings, links, forms and their controls."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track")
)
BLANKS = re.compile(r"[ \t\r\n]+")
INERT = frozenset({"template", "script", "style", "title", "svg"})


def tidy(text: str) -> str:
    """Return the text as it is seen: runs of blanks are one."""
    return BLANKS.sub(" ", text).strip()


@dataclass
class Control:
    """One control of a form."""

    kind: str
    name: str
    value: str = ""
    id: str = ""
    label: str = ""
    checked: bool = False
    options: dict[str, str] = field(default_factory=dict)
    """Of a select: words to value."""
    invalid: bool = False
    described_by: str = ""
    action: str = ""
    """Of a button: where it sends the form, if not to the form's own address."""
    upload: tuple[str, bytes] | None = None

    @property
    def sent(self) -> list[str]:
        """What a browser sends of it, nothing for a button or an empty box."""
        if self.kind in {"submit", "file"} or not self.name:
            return []
        if self.kind in {"radio", "checkbox"} and not self.checked:
            return []
        return [self.value]


@dataclass
class Form:
    """One form, with its controls in the order in which they are sent."""

    action: str
    method: str
    multipart: bool
    controls: list[Control] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """The names of everything it can send."""
        return {one.name for one in self.controls if one.name}

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What is sent when no button is named."""
        return [(one.name, value) for one in self.controls for value in one.sent]

    @property
    def buttons(self) -> list[Control]:
        """Its buttons in order."""
        return [one for one in self.controls if one.kind == "submit"]

    def value(self, name: str) -> str | None:
        """What stands in the field of this name."""
        return next((one.value for one in self.controls if one.name == name), None)


@dataclass
class Link:
    """A link and its words."""

    href: str
    text: str = ""


class Page(HTMLParser):
    """Reads one page; whatever stands in a ``template`` is not there."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[Link] = []
        self.ids: set[str] = set()
        self.refusals: list[str] = []
        self.errors: list[str] = []
        self.title = ""
        self._words: list[str] = []
        self._open: list[str] = []
        self._inert = 0
        self._sinks: list[tuple[str, list[str], object]] = []
        self._labels: dict[str, str] = {}
        self._wrapped: list[Control] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self.feed(html)
        self.close()
        for form in self.forms:
            for control in form.controls:
                control.label = tidy(control.label or self._labels.get(control.id, ""))

    @property
    def text(self) -> str:
        """Everything that can be read, in one line."""
        return tidy("".join(self._words))

    def form_with(self, name: str) -> Form:
        """Return the form that has a field of this name."""
        return next(form for form in self.forms if name in form.names)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        found = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if tag in INERT:
            self._inert += 1
            if tag == "title" and not self.title:
                self._sinks.append((tag, [], self))
            return
        if self._inert:
            return
        self.ids |= {found["id"]} if "id" in found else set()
        self.refusals += [found["data-refusal"]] if "data-refusal" in found else []
        if "field__error" in found.get("class", "").split():
            self._sinks.append((tag, [], self.errors))
        self._words.append(" ")
        reader = getattr(self, f"_read_{tag}", None)
        if reader:
            reader(found)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and whatever was left open inside it."""
        if tag not in self._open:
            return
        while self._open:
            closed = self._open.pop()
            self._end(closed)
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        """Take the words."""
        for _tag, words, _owner in self._sinks:
            words.append(data)
        if not self._inert:
            self._words.append(data)

    def _end(self, tag: str) -> None:
        if self._sinks and self._sinks[-1][0] == tag:
            _tag, words, owner = self._sinks.pop()
            self._give(tag, "".join(words), owner)
        if tag in INERT:
            self._inert -= 1
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None

    def _give(self, tag: str, words: str, owner: object) -> None:
        if isinstance(owner, Link):
            owner.text = tidy(words)
        elif isinstance(owner, list):
            owner.append(tidy(words))
        elif isinstance(owner, str):
            self._label(owner, words)
        elif isinstance(owner, Control):
            self._give_control(tag, words, owner)
        else:
            self.title = tidy(words)

    def _give_control(self, tag: str, words: str, owner: Control) -> None:
        if tag == "textarea":
            owner.value = words.removeprefix("\n")
        elif tag == "option":
            value = owner.options.pop("", "")
            owner.options[tidy(words)] = value
        else:
            owner.label = words

    def _label(self, target: str, words: str) -> None:
        wrapped, self._wrapped = self._wrapped, []
        if target:
            self._labels[target] = words
        for control in wrapped:
            control.label = control.label or words

    def _add(self, control: Control) -> None:
        if self._form is not None:
            self._form.controls.append(control)
        if any(tag == "label" for tag in self._open):
            self._wrapped.append(control)

    def _control(self, kind: str, found: dict[str, str]) -> Control:
        control = Control(
            kind=kind,
            name=found.get("name", ""),
            value=found.get("value", "on" if kind in {"radio", "checkbox"} else ""),
            id=found.get("id", ""),
            label=found.get("aria-label", ""),
            checked="checked" in found,
            invalid=found.get("aria-invalid") == "true",
            described_by=found.get("aria-describedby", ""),
            action=found.get("formaction", ""),
        )
        self._add(control)
        return control

    def _read_form(self, found: dict[str, str]) -> None:
        self._form = Form(
            action=found.get("action", ""),
            method=found.get("method", "get").lower(),
            multipart=found.get("enctype") == "multipart/form-data",
        )
        self.forms.append(self._form)

    def _read_a(self, found: dict[str, str]) -> None:
        if "href" in found:
            link = Link(found["href"])
            self.links.append(link)
            self._sinks.append(("a", [], link))

    def _read_label(self, found: dict[str, str]) -> None:
        self._sinks.append(("label", [], found.get("for", "")))

    def _read_input(self, found: dict[str, str]) -> None:
        self._control(found.get("type", "text"), found)

    def _read_button(self, found: dict[str, str]) -> None:
        control = self._control(found.get("type", "submit"), found)
        self._sinks.append(("button", [], control))

    def _read_textarea(self, found: dict[str, str]) -> None:
        self._sinks.append(("textarea", [], self._control("textarea", found)))

    def _read_select(self, found: dict[str, str]) -> None:
        self._select = self._control("select", found)

    def _read_option(self, found: dict[str, str]) -> None:
        if self._select is None:
            return
        value = found.get("value", "")
        if "selected" in found or not self._select.options:
            self._select.value = value
        self._select.options[""] = value
        self._sinks.append(("option", [], self._select))
