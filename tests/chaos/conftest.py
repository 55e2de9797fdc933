"""What tests of two organisations' nodes share with those of the exchange."""

from tests.exchange.conftest import first_pair, pair

__all__ = ["first_pair", "pair"]
