"""The channel: a page of the desk calls `taking`; the person is answered by telephone, message, or a letter."""

from liandong.channels.contract import Channel

channel = Channel
