"""Codes → Chinese. The rules say codes with parameters; here they become the sentences people read."""

from liandong.words.telling import Fault, fault, tell

__all__ = ["Fault", "fault", "tell"]
