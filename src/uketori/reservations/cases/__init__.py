"""The cases of a reservation as they are typed, pasted and controlled."""
