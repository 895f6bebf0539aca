"""Before the day: which papers to fetch, what changed since, marks made ahead."""
