"""What only a development site has: invented people, the mailbox page, the site itself."""
