"""Booking: the draft, its pages, the act."""
