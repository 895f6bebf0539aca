"""How the staff's roles are called on pages and by commands."""

from django.utils.translation import pgettext_lazy

from uketori.rules.permissions import Role

ROLE_WORDS = {
    Role.CLERK: pgettext_lazy("役割", "担当"),
    Role.SUPERVISOR: pgettext_lazy("役割", "責任者"),
    Role.ADMINISTRATOR: pgettext_lazy("役割", "管理者"),
}
