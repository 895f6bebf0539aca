"""Static files as they are served: style sheets in one piece, names after contents.  ADR 0024."""

import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'@import url\("(?P<part>[^"]+)"\) layer\((?P<layer>\w+)\);')
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
Sources = dict[str, tuple[Storage, str]]
"""Where each file comes from that is collected."""


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Put the parts of a sheet into it: a browser asks for one file, and not for each part."""

    def post_process(
        self, paths: Sources, *, dry_run: bool = False, **options: object
    ) -> Iterator[tuple[str, str, bool]]:
        """Join the sheets in what was collected, then go on as Django does."""
        if not dry_run:
            paths = self._joined(paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _joined(self, paths: Sources) -> Sources:
        parts: set[str] = set()
        whole: Sources = {}
        for name, (source, path) in paths.items():
            if not name.endswith(".css") or not IMPORT.search(text := _read(source, path)):
                continue
            used = {
                part["part"]: join(dirname(name), part["part"]) for part in IMPORT.finditer(text)
            }
            texts = {part: _read(*paths[full]) for part, full in used.items()}
            Path(self.path(name)).write_text(joined(name, text, texts), encoding="utf-8")
            whole[name] = (self, name)
            parts.update(used.values())
        return {name: one for name, one in paths.items() if name not in parts} | whole


def joined(name: str, sheet: str, parts: dict[str, str]) -> str:
    """Return the sheet with each part in its place and layer, without comments.

    What would mean something else at another place stops the collecting.
    """
    for part, text in parts.items():
        if "@import" in text or "url(" in text:
            message = f"{part} of {name} has an @import or url(): it cannot be joined"
            raise ImproperlyConfigured(message)
    whole = IMPORT.sub(lambda one: f"@layer {one['layer']} {{\n{parts[one['part']]}}}", sheet)
    whole = COMMENT.sub("", whole)
    if "@import" in whole:
        message = f"{name} has an @import that is not '@import url(\"…\") layer(…);'"
        raise ImproperlyConfigured(message)
    return whole


def _read(source: Storage, path: str) -> str:
    with source.open(path) as file:
        text: str = file.read().decode("utf-8")
    return text
