"""Who comes: people and what they enter about themselves."""
