"""What became of the mails, and sending one again."""
