"""When somebody is taken to have gone without a word."""

from datetime import timedelta

SILENT = timedelta(seconds=60)
"""A seat, desk or process not heard from for this long is not there (DESIGN, exchange)."""
