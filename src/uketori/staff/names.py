"""The names of staff, by the codes that events carry."""

from collections.abc import Iterable

from uketori.staff.models import Account


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Return the staff's names by how entries name them (one query)."""
    staff = {actor for actor in actors if actor.startswith("staff:")}
    found = Account.objects.filter(pk__in=[int(one.split(":")[1]) for one in staff])
    return {account.actor: account.name for account in found}
