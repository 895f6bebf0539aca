"""The clerk's day: board, check-in, outcomes, telephone, preparation list.  R-29, R-38 … R-42."""
