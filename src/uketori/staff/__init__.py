"""The staff: accounts, the posts they hold at bureaus, sign-in, and who may do what."""
