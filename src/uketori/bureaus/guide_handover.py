"""The guide's answers on their way into the booking, in the browser's own session.  D26.

Three codes and nothing of a person; the next saved draft puts them down.
"""

from dataclasses import asdict, dataclass

from django.http import HttpRequest

from uketori.rules.guide import Yes

KEY = "guide"


@dataclass(frozen=True)
class Carried:
    """What the guide found out; empty where it was not asked."""

    kind: str = ""
    type: str = ""
    category: str = ""

    def category_for(self, kind: str) -> str:
        """Return the category if it was found for this kind of person: others have others."""
        return self.category if self.kind == kind else ""


def carry(request: HttpRequest, bureau: str, yes: Yes) -> None:
    """Keep the answers for the next booking at this bureau."""
    kept = Carried(kind=yes.kind.value, type=yes.type.value, category=yes.category.value)
    request.session[KEY] = {"bureau": bureau, **asdict(kept)}


def carried(request: HttpRequest, bureau: str) -> Carried:
    """Return what is carried to this bureau."""
    kept = request.session.get(KEY, {})
    if kept.get("bureau") != bureau:
        return Carried()
    return Carried(kind=kept["kind"], type=kept["type"], category=kept["category"])


def put_down(request: HttpRequest) -> None:
    """Carry nothing any more; a session without answers is not touched."""
    if KEY in request.session:
        del request.session[KEY]
