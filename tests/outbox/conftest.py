"""The outbox is tested against a real SMTP server."""

from tests.post import free_port, no_server, post, renderers

__all__ = ["free_port", "no_server", "post", "renderers"]
