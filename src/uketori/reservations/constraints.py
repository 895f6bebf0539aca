"""The order of a visit's moments, as the database keeps it.  利用案内 6(3), 6(4)."""

from django.db.models import F, Q

IN_ORDER = (
    ("arrived_at", "called_at"),
    ("arrived_at", "served_at"),
    ("called_at", "served_at"),
    ("arrived_at", "late_at"),
    ("arrived_at", "absent_at"),
    ("called_at", "absent_at"),
    ("starts_at", "no_show_at"),
)
"""Columns of a reservation, the second of each pair never before the first."""


def moments_in_order() -> Q:
    """Each moment comes when what leads to it has, where both are recorded."""
    order = Q()
    for first, then in IN_ORDER:
        order &= Q(**{f"{then}__gte": F(first)}) | Q(**{first: None}) | Q(**{then: None})
    return order
