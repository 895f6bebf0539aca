"""Every mail about a reservation, and its history."""
