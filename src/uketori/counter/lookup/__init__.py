"""Finding: one search for references, names, certificates and application numbers."""
