"""Settings, URLs and the entry points of servers."""
