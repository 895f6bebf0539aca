"""What Django's test client answers, under the name that django-stubs has for it."""

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

Answer: TypeAlias = "_MonkeyPatchedWSGIResponse"
"""A response that knows its contexts, templates and redirects besides."""


def untranslated(code: str) -> str:
    """A number, reference or address as it stands on a page."""
    return f'<span translate="no">{code}</span>'
