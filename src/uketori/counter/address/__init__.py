"""A dead mailbox: staff move somebody's mail address."""
