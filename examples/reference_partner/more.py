"""What a partner may leave out: comparing both sides' books (对账), and coming for its messages where it has no door of its own."""

import json
import time

from wire import Refused, believed, parsed, require


def stands(node, body):
    """How the offers between us stand here (对账), for the partner that asked; this small node tells all it has."""
    require(recipient=parsed(body)["recipient"] == node.name)
    rows = node.sql(
        "SELECT id, o.subject, giver, state, holder, said, heard FROM offers o JOIN matters m USING (subject)"
    )
    names = ("offer", "subject", "side", "state", "holds", "said", "heard")
    offers = [
        (*row[:2], "giver" if row[2] in node.desks else "taker", row[3], row[4] in node.desks, *row[5:]) for row in rows
    ]
    return {"offers": [dict(zip(names, row, strict=True)) for row in offers], "whole": True}


def pull(node):
    """In the place of a door: every second it comes for what is said to it, and says what became of the last answer."""
    taken, refused = [], []
    while True:
        asked = json.dumps({"recipient": node.there["node"], "taken": taken, "refused": refused}).encode()
        status, answer, header = node.post(asked, "pull")
        try:
            if status == 200:
                believed(header, answer, node.there)
        except Refused as no:  # a clock apart, a torn header: it goes on, and what was given is given again
            print("answer not believed:", no.reason, no.detail, flush=True)
            status = 0
        if status == 200:
            taken, refused = [], []
            for body in json.loads(answer)["messages"]:
                try:
                    taken.append(node.take(body.encode())["id"])
                except Refused as no:
                    refused.append({"id": json.loads(body)["id"], "reason": no.reason, "detail": no.detail})
        time.sleep(0 if status == 200 and (taken or refused) else 1)
