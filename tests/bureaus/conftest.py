"""The clock of the situations."""

from tests.situations import at_moment, monday_morning

__all__ = ["at_moment", "monday_morning"]
