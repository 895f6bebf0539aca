"""Proof of a mail address: links, codes, limits."""
