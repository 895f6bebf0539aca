"""Reservations: drafts, booking, the confirmation and its mails."""
