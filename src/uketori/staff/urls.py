"""The staff's own pages: sign-in and second factor.

The names are those by which django-allauth finds its pages; what it has beside these (sign-up,
reset of passwords, mail addresses, codes by mail) is not there.
"""

from django.urls import path

from uketori.staff import security_views, sign_in_views, unlock_views
from uketori.web.personal_page import personal_page

urlpatterns = [
    path("", sign_in_views.home, name="staff_home"),
    path("sign-in", personal_page(sign_in_views.SignIn.as_view()), name="account_login"),
    path(
        "sign-in/second-factor",
        personal_page(sign_in_views.SecondFactor.as_view()),
        name="mfa_authenticate",
    ),
    path("sign-out", sign_in_views.sign_out, name="account_logout"),
    path("unlock", personal_page(unlock_views.Unlock.as_view()), name="account_reauthenticate"),
    path("security/", personal_page(security_views.Security.as_view()), name="mfa_index"),
    path(
        "security/totp", personal_page(security_views.AddTotp.as_view()), name="mfa_activate_totp"
    ),
    path(
        "security/totp/removal",
        personal_page(security_views.RemoveTotp.as_view()),
        name="mfa_deactivate_totp",
    ),
    path(
        "security/passkeys/new",
        personal_page(security_views.AddPasskey.as_view()),
        name="mfa_add_webauthn",
    ),
    path(
        "security/passkeys/<int:pk>/removal",
        personal_page(security_views.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("security/recovery-codes", security_views.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "security/recovery-codes/new",
        personal_page(security_views.NewRecoveryCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
]
