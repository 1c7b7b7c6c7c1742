"""The buttons of a mouse, as terminals number them."""

RIGHT = 3
