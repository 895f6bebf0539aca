"""A browser without scripts: it follows the links and sends the forms that stand in the page."""

from urllib.parse import urlencode, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.journeys.reading import Control, Form, Link, Page

REDIRECTS = frozenset({301, 302, 303})
LONGEST_CHAIN = 6


class PlainBrowser:
    """One browser with its cookies; ``tab()`` opens another page of the same browser."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client(enforce_csrf_checks=True)
        self.path = ""
        self.status = 0
        self.headers: dict[str, str] = {}
        self.page = Page("")

    def tab(self) -> "PlainBrowser":
        """Open another tab at the same place."""
        other = PlainBrowser(self.client)
        other.open(self.path)
        return other

    def open(self, path: str) -> Page:
        """Type an address, or take one from a mail."""
        return self._arrive(path, self.client.get(path))

    def follow(self, words: str) -> Page:
        """Press the first link with these words."""
        return self.open(urljoin(self.path, self.link(words).href))

    def link(self, words: str) -> Link:
        """Return the first link with these words."""
        found = next((one for one in self.page.links if words in one.text), None)
        assert found, f"no link 「{words}」 in {[one.text for one in self.page.links]}"
        return found

    def fill(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self._control(label, "text", "textarea").value = text

    def choose(self, label: str, words: str = "") -> None:
        """Choose a radio or a box by its label, or the words of a select with this label."""
        if words:
            select = self._control(label, "select")
            select.value = select.options[words]
            return
        control = self._control(label, "radio", "checkbox")
        if control.kind == "radio":
            for other in self._form_of(control).controls:
                if other.name == control.name:
                    other.checked = False
        control.checked = True

    def upload(self, label: str, name: str, content: bytes) -> None:
        """Choose a file."""
        self._control(label, "file").upload = (name, content)

    def fields(self, label: str) -> list[str]:
        """What stands in the fields whose label holds these words."""
        return [
            one.value for one in self._controls() if label in one.label and one.kind != "submit"
        ]

    def press(self, words: str) -> Page:
        """Press the first button with these words; its form is sent as a browser would."""
        button = next(
            (one for one in self._controls() if one.kind == "submit" and words in one.label), None
        )
        assert button, f"no button 「{words}」 in {[one.label for one in self._buttons()]}"
        return self._send(self._form_of(button), button)

    def press_enter(self, label: str) -> Page:
        """Press the enter key in a field: the form's first button is taken."""
        form = self._form_of(self._control(label, "text"))
        return self._send(form, form.buttons[0])

    def _send(self, form: Form, button: Control) -> Page:
        path = urljoin(self.path, form.action) if form.action else self.path
        pairs = [(name, value.replace("\r\n", "\n")) for name, value in form.pairs]
        pairs = [(name, value.replace("\n", "\r\n")) for name, value in pairs]
        pairs += [(button.name, button.value)] if button.name else []
        assert form.method == "post", "every form of this site is a POST"
        if not form.multipart:
            kind = "application/x-www-form-urlencoded"
            return self._arrive(path, self.client.post(path, urlencode(pairs), content_type=kind))
        data: dict[str, object] = {}
        for name, value in pairs:
            data.setdefault(name, [])
            values = data[name]
            assert isinstance(values, list)
            values.append(value)
        for one in form.controls:
            if one.upload:
                data[one.name] = SimpleUploadedFile(*one.upload)
        return self._arrive(path, self.client.post(path, data))

    def _arrive(self, path: str, response: HttpResponse) -> Page:
        """Follow redirects, on this site only, and read the page."""
        for _step in range(LONGEST_CHAIN):
            if response.status_code not in REDIRECTS:
                break
            there = urlsplit(urljoin(f"http://testserver{path}", response.headers["Location"]))
            assert there.netloc == "testserver", response.headers["Location"]
            path = f"{there.path}?{there.query}" if there.query else there.path
            response = self.client.get(path)
        self.path, self.status = path, response.status_code
        self.headers = dict(response.headers)
        html = "text/html" in response.headers.get("Content-Type", "")
        self.page = Page(response.content.decode() if html else "")
        return self.page

    def _controls(self) -> list[Control]:
        return [control for form in self.page.forms for control in form.controls]

    def _buttons(self) -> list[Control]:
        return [button for form in self.page.forms for button in form.buttons]

    def _control(self, label: str, *kinds: str) -> Control:
        for exact in (True, False):
            for one in self._controls():
                fits = one.label == label if exact else label in one.label
                if one.kind in kinds and fits:
                    return one
        labels = [one.label for one in self._controls() if one.kind in kinds]
        message = f"no field 「{label}」 among {labels}"
        raise AssertionError(message)

    def _form_of(self, control: Control) -> Form:
        return next(
            form for form in self.page.forms if any(one is control for one in form.controls)
        )
