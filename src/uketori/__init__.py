"""Uketori (受取): the 交付予約システム, in which an hour at a bureau's counter is booked."""
