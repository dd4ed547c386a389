"""Guesses at causes, by what failed. The ranking puts them in order."""
