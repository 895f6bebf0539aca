"""One's own data: seeing, correcting, exporting, giving back."""
