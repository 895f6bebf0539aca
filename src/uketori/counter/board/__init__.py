"""The hour board: the hours of a day, and one visit opened on it."""
