"""The audit record: what happened, append-only, without personal values."""
