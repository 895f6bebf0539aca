"""Figures of speed and memory, printed as JSON: `make bench`."""
