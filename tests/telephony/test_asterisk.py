"""The contract of the port on a real Asterisk, with telephones that speak SIP and send sound."""

import pytest

from tests.telephony.contract import Contract

pytestmark = pytest.mark.voice


@pytest.fixture
def line(on_wires):
    return on_wires


class TestAsterisk(Contract):
    pass
