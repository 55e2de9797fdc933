"""Codes → Chinese. The rules say codes with parameters; here they become the sentences people read."""

from liandong.words.telling import Fault, fault, spaced, tell

__all__ = ["Fault", "fault", "spaced", "tell"]
