"""Two questions of the operators: is the process alive, and can it serve?

Neither says anything about a person, so both are open.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from uketori import clock
from uketori.database import Trouble, code_of, let_go_of, reopen, trouble_of

Check = Callable[[datetime], str]
"""Returns the reason why it fails, or nothing."""
Fact = Callable[[datetime], object]
MAX_SKEW = timedelta(seconds=0.5)
EPOCH_SECONDS = {
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400",
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
}


@login_not_required
@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Answer, without asking anybody."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(
    request: HttpRequest,
    checks: Mapping[str, Check] | None = None,
    further: Mapping[str, Fact] | None = None,
) -> JsonResponse:
    """Tell each check by name, with the reason where it failed; 503 if one did.

    ``further`` are facts that are told and decide nothing.
    """
    at = clock.now()
    own: dict[str, Check] = {"migrations": _why_not_migrated, "clock": _why_clocks_differ}
    reasons = {"database": _reason(_why_not_reached, at)}
    if not reasons["database"]:
        reasons |= {name: _reason(why, at) for name, why in {**own, **(checks or {})}.items()}
    ready = not any(reasons.values())
    words = {name: f"failed: {why}" if why else "ok" for name, why in reasons.items()}
    told = {} if reasons["database"] else _told(further or {}, at)
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    response = JsonResponse({"ready": ready, "checks": words, **told}, status=status)
    # whoever asks every second knows; no line of the log each time
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - Django's mark
    return response


def _reason(why: Check, at: datetime) -> str:
    """Ask; what the database says is a reason, too, and the next question finds it opened anew."""
    try:
        return why(at)
    except Error as error:
        if trouble_of(error) is not Trouble.BUSY:
            reopen()
        let_go_of(error)
        return code_of(error)


def _told(further: Mapping[str, Fact], at: datetime) -> dict[str, object]:
    """Return the facts; where the database does not give them, the checks say enough."""
    try:
        return {name: tell(at) for name, tell in further.items()}
    except Error:
        reopen()
        return {}


def _why_not_reached(_at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _why_not_migrated(_at: datetime) -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "not every migration is applied" if plan else ""


def _why_clocks_differ(_at: datetime) -> str:
    """Compare the real clocks, not the moved one; what the question itself takes is no skew."""
    before = _real_now()
    theirs = _database_now()
    is_right = before - MAX_SKEW <= theirs <= _real_now() + MAX_SKEW
    return "" if is_right else "the clock of the database is another"


def _real_now() -> datetime:
    return clock.now() - clock.offset()


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(EPOCH_SECONDS[connection.vendor])
        (seconds,) = cursor.fetchone()
    return datetime.fromtimestamp(float(seconds), UTC)
