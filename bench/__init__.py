"""Measurements of the product (`make bench`): each row is a name, a number, a unit and the limit it is held to."""
