"""What ``uketori serve`` starts: processes that each take requests in and hand them to Django.

A request is read fully, bounded in size and time, before a thread is taken for it (ADR 0022).
"""
