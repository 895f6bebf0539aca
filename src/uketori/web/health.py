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
    request: HttpRequest, further: Mapping[str, Callable[[datetime], object]] | None = None
) -> JsonResponse:
    """Tell each check by name; 503 if one fails.

    ``further`` are facts that are told and decide nothing: a reservation stands without its mail,
    so a node whose mail is stuck still serves.
    """
    checks = {"database": _is_reachable()}
    if checks["database"]:
        checks |= {"migrations": _is_migrated(), "clock": _runs_with_the_database()}
    ready = all(checks.values())
    words = {name: "ok" if passed else "failed" for name, passed in checks.items()}
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    told = {name: tell(clock.now()) for name, tell in (further or {}).items()} if ready else {}
    return JsonResponse({"ready": ready, "checks": words, **told}, status=status)


def _is_reachable() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _runs_with_the_database() -> bool:
    """Compare the real clocks, not the moved one; what the question itself takes is no skew."""
    before = _real_now()
    theirs = _database_now()
    return before - MAX_SKEW <= theirs <= _real_now() + MAX_SKEW


def _real_now() -> datetime:
    return clock.now() - clock.offset()


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(EPOCH_SECONDS[connection.vendor])
        (seconds,) = cursor.fetchone()
    return datetime.fromtimestamp(float(seconds), UTC)
