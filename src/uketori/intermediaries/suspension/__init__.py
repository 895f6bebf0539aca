"""Suspensions, and the mails about them."""
