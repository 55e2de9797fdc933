"""Addresses for machines; each carries its version."""

from django.urls import path

from liandong.api import exchange

urlpatterns = [
    path("exchange/v1/messages", exchange.messages, name="exchange_messages"),
]
