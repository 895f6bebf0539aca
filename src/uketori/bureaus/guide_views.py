"""The guide: is a reservation possible, and what to bring.  利用案内 1, R-05 … R-14, D26."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from uketori import clock
from uketori.bureaus.guide_handover import carry
from uketori.bureaus.guide_words import address, no_page, question_page, yes_page
from uketori.bureaus.policies import UnknownBureau, policy_in_force
from uketori.rules.guide import Ask, No, Yes, go_through
from uketori.rules.policy import BureauPolicy


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def eligibility(request: HttpRequest, bureau: str) -> HttpResponse:
    """Ask one question after the other; only the button of the last page keeps anything."""
    try:
        policy = policy_in_force(bureau, clock.now())
    except UnknownBureau as error:
        raise Http404 from error
    if request.method == "POST":
        return _begin_booking(request, policy)
    state = _asked_again(request.GET, go_through(request.GET.dict(), policy))
    if isinstance(state, Ask):
        return _question(request, state, policy)
    if isinstance(state, No):
        return render(request, "bureaus/guide_no.html", {"page": no_page(state, policy)})
    return render(request, "bureaus/guide_yes.html", {"page": yes_page(state, policy)})


def _begin_booking(request: HttpRequest, policy: BureauPolicy) -> HttpResponse:
    """Carry the answers to the booking, which asks for the address first where it must."""
    state = go_through(request.POST.dict(), policy)
    if not isinstance(state, Yes):
        query = {str(question): answer for question, answer in state.given.items()}
        return redirect(address(policy, **query))
    carry(request, policy.code, state)
    return redirect("reservations:new", bureau=policy.code)


def _asked_again(query: QueryDict, state: Ask | No | Yes) -> Ask | No | Yes:
    """Return the question that is to be changed, if it was answered; else go on as told."""
    for question in state.given:
        if query.get("change") == question:
            return Ask(question, state.given)
    return state


def _question(request: HttpRequest, ask: Ask, policy: BureauPolicy) -> HttpResponse:
    is_unanswered = request.GET.get("asked") == ask.question and ask.question not in ask.given
    page = question_page(ask, policy, is_unanswered=is_unanswered)
    return render(
        request,
        "bureaus/guide_question.html",
        {"page": page},
        status=422 if is_unanswered else 200,
    )
