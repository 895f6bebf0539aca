"""The commands of ``uketori``, by what they are for; ``uketori.cli`` puts them together."""
