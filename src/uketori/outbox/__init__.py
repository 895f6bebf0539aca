"""The outbox: mails written with the act they tell of, and the worker that sends them."""
