"""Certificates over time: claims, renewals, settling."""
