"""Who visits: proved addresses, how long, and what is kept when the time is over."""
