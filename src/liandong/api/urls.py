"""Addresses for machines; each carries its version."""

from django.urls import path

from liandong.api import channels, exchange, v1

urlpatterns = [
    path("exchange/v1/messages", exchange.messages, name="exchange_messages"),
    path("exchange/v1/pull", exchange.pull, name="exchange_pull"),
    path("exchange/v1/open", exchange.standing, name="exchange_open"),
    path("channels/<slug:name>/", channels.knock, name="channel"),
    path(v1.PREFIX, v1.api.urls),
]
