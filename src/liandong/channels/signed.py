"""Whether a request was signed as Standard Webhooks 1.0 sign, by who has the secret, now."""

import hmac
from datetime import UTC, datetime, timedelta

from liandong.channels.contract import Knock
from liandong.rules import webhooks

APART = timedelta(minutes=5)
"""How far the sender's clock may be from ours; an older copy of a message is known by its name all the same."""


def is_signed(secret: str, knock: Knock) -> bool:
    """Whether one of the signatures is over the sender's name for the message, the second, and the exact bytes."""
    name, second = knock.headers.get(webhooks.ID, ""), knock.headers.get(webhooks.MOMENT, "")
    if not secret or not second.isascii() or not second.isdigit() or len(second) > 12:
        return False
    if abs(knock.at.timestamp() - int(second)) > APART.total_seconds():
        return False
    moment = datetime.fromtimestamp(int(second), UTC)
    made = webhooks.signed([secret.encode()], name, moment, knock.body)[webhooks.SIGNATURE].encode()
    given = knock.headers.get(webhooks.SIGNATURE, "").split()
    return any(hmac.compare_digest(one.encode(), made) for one in given)
