"""What django-allauth could do beside the sign-in has no address here."""

from collections.abc import Iterator

import pytest
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from tests.situations import staff_client
from uketori.staff.models import Account

MOUNTED = {
    *("account_login", "account_logout", "account_reauthenticate"),
    *("mfa_index", "mfa_authenticate", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_add_webauthn", "mfa_remove_webauthn"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
}


def pages_of_the_library() -> Iterator[tuple[str, str]]:
    """Every page that django-allauth would have: its path under its own folder, its name."""
    for folder, module in (("", "allauth.account.urls"), ("2fa/", "allauth.mfa.urls")):
        patterns = get_resolver(module).reverse_dict
        for name in patterns:
            if isinstance(name, str):
                (path, names), *_rest = patterns.getlist(name)[0][0]
                yield folder + path % dict.fromkeys(names, "1"), name


PAGES = sorted(pages_of_the_library())


def test_pages__of_the_library_are_known() -> None:
    assert isinstance(get_resolver("allauth.account.urls").url_patterns[0], URLPattern)
    assert {name for _path, name in PAGES} >= MOUNTED | {"account_signup", "account_reset_password"}


@pytest.mark.parametrize("name", sorted({name for _path, name in PAGES} - MOUNTED))
def test_closed_page__has_no_address(name: str) -> None:
    for arguments in ([], ["1"], ["1", "2"]):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=arguments)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path, name in PAGES if path and name])
@pytest.mark.parametrize("folder", ["/staff/", "/accounts/", "/"])
def test_path_of_the_library__is_404__also_for_staff(folder: str, path: str) -> None:
    client = staff_client()

    assert client.get(folder + path).status_code == 404
    assert client.post(folder + path, {"username": "x"}).status_code in {404, 405}
    assert Account.objects.count() == 1
