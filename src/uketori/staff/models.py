"""Accounts of the staff and the posts they hold.  b.10 of the requirements."""

from functools import cached_property
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from uketori.rules.permissions import Role

PERSONAL_FIELDS = frozenset({"Account.username", "Account.name", "Account.email"})


class Account(AbstractUser):
    """One member of staff.  Signs in with a name, a password and a second factor."""

    first_name = None  # type: ignore[assignment]  # a whole name is one field here
    last_name = None  # type: ignore[assignment]  # the same
    name = models.CharField(max_length=100)
    """As colleagues say it; shown on the bar and beside what was done."""
    session_epoch = models.PositiveIntegerField(default=0)
    """Counted up to end every session at once."""

    class Meta:
        constraints: ClassVar = []

    def __str__(self) -> str:
        return f"account {self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Tie sessions to the epoch, too; Django ties them to the password alone."""
        value = f"{self.password} {self.session_epoch}"
        return salted_hmac("uketori session", value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def actor(self) -> str:
        """How events name this account."""
        return f"staff:{self.pk}"

    @cached_property
    def bureaus(self) -> list[str]:
        """The bureaus where this account has a post, in order; looked up once a request."""
        return list(self.posts.order_by("bureau").values_list("bureau", flat=True))


class Post(models.Model):
    """The role that an account has at a bureau; without one it can do nothing there."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="posts")
    bureau = models.SlugField(max_length=40)
    role = models.CharField(max_length=20, choices=[(role.value, role.name) for role in Role])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "bureau"], name="post_is_one_an_account_and_bureau"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.bureau}"
