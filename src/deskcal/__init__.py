"""deskcal: clinic scheduling that never books a slot twice."""

__version__ = "0.1.0"
