"""Moving somebody's mail address, by the person or by staff."""
