"""Asking for a link, opening it, typing the code."""
