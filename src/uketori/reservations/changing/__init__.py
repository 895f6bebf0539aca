"""Correcting, withdrawing and putting back cases."""
