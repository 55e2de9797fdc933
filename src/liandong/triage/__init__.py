"""Text → evidence. Pure: a text and a pack in, `Evidence` out; no clock, no database, no settings."""

from liandong.triage.opinion import TOGETHER
from liandong.triage.reader import read, read_many

__all__ = ["TOGETHER", "read", "read_many"]
