"""What a person reads about their visit: marks made ahead, outcomes, what to bring."""
