"""Cancelling a whole reservation."""
