"""What was sent to a locked session: kept for the page of its form, and handed back there once.

Each page has its own, so that a second tab takes nothing from the first.  The page says that it was
kept only when its view took it into the form.
"""

from dataclasses import asdict, dataclass, replace

from django.http import HttpRequest, QueryDict

from uketori.bureaus.number_fields import PASTE, without_names

KEPT = "kept_posts"
"""In the session, and for the request that is handed it back: by the address of the page."""
LONGEST_KEPT = 64 * 1024
MOST_KEPT = 10
"""So many pages' forms are kept, the newest; of older ones their page tells that they were not."""
MOST_TOLD = 100
TAKEN = "kept_post_taken"


@dataclass(frozen=True)
class KeptPost:
    """What was sent from one page."""

    sent_to: str
    data: str | None
    """Without the CSRF token; None for what is not kept."""
    had_files: bool = False
    replaces: bool = False
    """Whether something else had been sent from the same page before."""


def keep(request: HttpRequest, page: str, *, with_data: bool) -> None:
    """Remember for the page what was sent; without its data, remember that it was not done."""
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    if (pasted := typed.get(PASTE, "")) and request.resolver_match:
        typed[PASTE] = without_names(pasted, request.resolver_match.kwargs)
    data = typed.urlencode()
    one = KeptPost(
        sent_to=request.path,
        data=data if with_data and len(data) <= LONGEST_KEPT else None,
        had_files=bool(request.FILES),
    )
    kept = _all(request)
    before = kept.pop(page, None)
    other = before is not None and (before.replaces or before.data not in {one.data, ""})
    kept[page] = replace(one, replaces=other)
    for old in list(kept)[:-MOST_KEPT]:
        kept[old] = replace(kept[old], data=None)
    newest = list(kept.items())[-MOST_TOLD:]
    request.session[KEPT] = {where: asdict(what) for where, what in newest}


def has_kept(request: HttpRequest) -> bool:
    """Tell whether something was sent that was not done."""
    return bool(request.session.get(KEPT))


def hand_back(request: HttpRequest) -> None:
    """Give the page what was kept for it, once."""
    here = request.get_full_path()
    kept = request.session.get(KEPT)
    if request.method == "GET" and kept and here in kept:
        setattr(request, KEPT, KeptPost(**kept.pop(here)))
        request.session[KEPT] = kept


def handed_back(request: HttpRequest) -> KeptPost | None:
    """Return what the page was given, taken or not."""
    kept: KeptPost | None = getattr(request, KEPT, None)
    return kept


def kept_post(request: HttpRequest, field: str = "") -> QueryDict | None:
    """Return what was typed into a form of this page before the session was locked, or None.

    Without a field this is the form that the page's own address takes; else one that goes
    elsewhere, known by a field that only it has.  Show it in the form again (``initial``); a view
    must not act upon it.  Whoever asks shows it: the page says that it was kept.
    """
    kept = handed_back(request)
    if kept is None or not kept.data:
        return None
    typed = QueryDict(kept.data)
    if not (field in typed if field else kept.sent_to == request.path):
        return None
    setattr(request, TAKEN, True)
    return typed


def searched(request: HttpRequest) -> str:
    """Return what was typed into this page's search before the session was locked."""
    kept = kept_post(request, "find")
    return kept.get("find", "") if kept else ""


def was_taken(request: HttpRequest) -> bool:
    """Tell whether the view took what was handed back into its form."""
    return getattr(request, TAKEN, False)


def _all(request: HttpRequest) -> dict[str, KeptPost]:
    return {page: KeptPost(**one) for page, one in request.session.get(KEPT, {}).items()}
