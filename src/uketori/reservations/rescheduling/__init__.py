"""Exchanging day and hour in one act, where the bureau allows it."""
