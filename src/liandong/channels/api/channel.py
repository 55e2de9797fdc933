"""The channel: `/api/v1` calls `taking` while the other system waits; what becomes of a matter it reads there, or is posted."""

from liandong.channels.contract import Channel

channel = Channel
