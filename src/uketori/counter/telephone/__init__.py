"""The telephone desk: calls, and what a caller has changed or booked."""
