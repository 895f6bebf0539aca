"""Processes and servers that fail."""

from tests.post import free_port, no_server, post, renderers

__all__ = ["free_port", "no_server", "post", "renderers"]
