"""Processes, servers and databases that fail."""

from tests.post import free_port, no_server, post, renderers
from tests.situations import at_moment, monday_morning

__all__ = ["at_moment", "free_port", "monday_morning", "no_server", "post", "renderers"]
