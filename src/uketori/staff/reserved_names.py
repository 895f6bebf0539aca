"""Names of accounts that only a development site has."""

from django.conf import settings

RESERVED = "mihon-"
"""How the names of these accounts begin."""


def is_barred(username: str) -> bool:
    """Tell whether this name is one of those that sign in on development sites only."""
    return username.startswith(RESERVED) and not settings.DEVELOPMENT
