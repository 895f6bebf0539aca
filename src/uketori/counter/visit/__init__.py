"""One visit at the counter: its facts, check-in, outcomes, endings, history."""
