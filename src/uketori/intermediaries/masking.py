"""Addresses and names as strangers may read them."""

MASK = "…"
NOT_A_LINK = str.maketrans({":": "：", "/": "／", ".": "．", "@": "＠"})
LONGEST_NAME = 40


def masked(address: str) -> str:
    """Return the address so that its owner knows it and nobody else: ``a…@example.jp``."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}{MASK}@{domain}"


def harmless(name: str) -> str:
    """Return what a stranger typed as a name so that no mail program makes a link of it."""
    return name[:LONGEST_NAME].translate(NOT_A_LINK)
