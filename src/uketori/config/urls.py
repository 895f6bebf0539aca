"""All addresses: health, the mailbox of development, and the pages of the bureaus."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from uketori.config.metrics import mail_facts, metrics
from uketori.config.readiness import CHECKS
from uketori.development.mailbox import mailbox_urls
from uketori.development.staff_accounts import demo_urls
from uketori.web import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez),
    path("readyz", health.readyz, {"checks": CHECKS, "further": {"mail": mail_facts}}),
    path("metrics", metrics),
    *([*mailbox_urls, *demo_urls] if settings.DEVELOPMENT else []),
    path("staff/", include("uketori.staff.urls")),
    path("staff/<slug:bureau>/", include("uketori.counter.urls")),
    path("", include("uketori.bureaus.urls")),
    path("<slug:bureau>/", include("uketori.intermediaries.urls")),
    path("<slug:bureau>/", include("uketori.reservations.urls")),
]

handler400 = "uketori.staff.errors.bad_request"
handler403 = "uketori.staff.errors.permission_denied"
handler404 = "uketori.staff.errors.page_not_found"
handler500 = "uketori.staff.errors.server_error"
