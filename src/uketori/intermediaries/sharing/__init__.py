"""Asking the holder of a proved certificate to share it, and answering."""
