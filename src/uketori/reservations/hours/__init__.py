"""Which hours somebody may choose, and which are near."""
