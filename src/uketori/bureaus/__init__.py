"""Bureaus: their policy, calendar, slots and notice."""
