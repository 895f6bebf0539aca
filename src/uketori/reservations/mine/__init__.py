"""A person's own reservations: the list and one of them."""
