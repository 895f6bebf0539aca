"""The confirmation in words, as a calendar entry, and its history."""
