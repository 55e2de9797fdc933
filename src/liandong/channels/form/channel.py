"""The channel: the public pages call `taking` while the person waits, so nothing runs and nothing knocks. Answers are looked up
on those pages, or go by telephone or message as the person chose."""

from liandong.channels.contract import Channel

channel = Channel
