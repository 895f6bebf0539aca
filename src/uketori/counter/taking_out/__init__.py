"""The bureau takes a case out that is not its own."""
