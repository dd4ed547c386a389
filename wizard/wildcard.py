"""Patterns that an operator writes: ``*`` stands for any text, ``?`` for one character, all else for itself.

No regular expressions: those that people write by hand can take a name for an hour. This takes no more steps than the
pattern and the name multiplied, whatever they hold.
"""

from __future__ import annotations


def fits(pattern: str, name: str) -> bool:
    """Tell whether the whole name is of the pattern. Capitals and small letters are the same."""
    pattern, name = pattern.upper(), name.upper()
    at = place = 0  # in the pattern, and in the name
    star, taken = -1, 0  # the last star, and how far into the name it reaches
    while place < len(name):
        if at < len(pattern) and pattern[at] == "*":
            star, taken, at = at, place, at + 1
        elif at < len(pattern) and pattern[at] in ("?", name[place]):
            at, place = at + 1, place + 1
        elif star >= 0:  # the star takes one character more, and what follows it is tried again
            taken += 1
            at, place = star + 1, taken
        else:
            return False
    return not pattern[at:].strip("*")
