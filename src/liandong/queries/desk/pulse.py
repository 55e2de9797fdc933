"""What a page must look at again: asked every few seconds by every desk, so all of it is one statement of keys.

What the board shows stands in `queries.desk.board`; the two are kept alike by tests/queries/test_pulse.py.
"""

import zlib
from uuid import UUID

from django.db import connection

from liandong.queries.first import First, counted
from liandong.queries.in_line import MOST as IN_LINE
from liandong.queries.sight import in_sight
from liandong.rules import flows
from liandong.rules.access import Actor

MOST = 40
"""Open matters the idle page shows."""
CALLS = 20
"""Calls of each kind, waiting and missed, that it shows."""
_HERE = "(SELECT id FROM records_desk WHERE code = %(desk)s)"
# All of them, for any may stand first; why it does is theirs who read the board (queries.in_line), which looks again when
# danger of a number, or its place on the register, changes. What was hung up before a call does not change any more.
_WAITING = f"""
    SELECT concat_ws(' ', m.id, m.due_at, m.seat_id, m.danger, c.number <> '' AND (
             EXISTS (SELECT FROM records_contact o JOIN records_matter d ON d.contact_id = o.id
                      WHERE o.number = c.number AND o.number <> '' AND d.city = m.city AND d.danger = 'raised' AND d.state <> 'archived')),
             EXISTS (SELECT FROM records_nuisance n WHERE n.city = m.city AND n.number = c.number AND n.state = 'active'))
      FROM records_matter m JOIN records_contact c ON c.id = m.contact_id
     WHERE m.holder_id = {_HERE} AND c.answered_at IS NULL AND c.channel = 'phone' AND m.state = 'receiving' AND c.ended_at IS NULL
     ORDER BY m.received_at, m.id LIMIT {IN_LINE}
"""
_CALLS = f"""
    SELECT concat_ws(' ', m.id, m.state, m.due_at, m.source_hidden, m.seat_id)
      FROM records_matter m JOIN records_contact c ON c.id = m.contact_id
     WHERE m.holder_id = {_HERE} AND c.answered_at IS NULL AND c.channel = 'phone' AND {{which}}
     ORDER BY m.received_at, m.id LIMIT {CALLS + 1}
"""
# What the board shows of a matter: a receipt, or a word typed, changes nothing there, and fifty pages need not look.
_ROW = """
    concat_ws(' ', m.id, m.state, m.late_at, m.due_at, m.lead_due_at, m.danger, m.first_receiver_id,
        (SELECT concat_ws(' ', o.id, o.unit_id, o.state, o.reminded, o.reported_at) FROM records_order o
          WHERE o.matter_id = m.id AND o.part = 'lead' ORDER BY o.assigned_at DESC, o.id DESC LIMIT 1),
        EXISTS (SELECT FROM records_extension e WHERE e.matter_id = m.id AND e.state = 'asked'),
        EXISTS (SELECT FROM records_demand u WHERE u.matter_id = m.id AND u.state = 'open'), m.place, m.title)
"""
_MINE = f"""
    SELECT * FROM records_matter WHERE holder_id = {_HERE} AND {{which}}
     ORDER BY LEAST(late_at, due_at, lead_due_at), id LIMIT {MOST + 1}
"""
# As much as the board shows, one row that says there are more, and nothing else: with 100,000 open the rest would be read
# by every page every few seconds.
_BOARD = f"""
    ARRAY(SELECT {_ROW} FROM ({_MINE.format(which="NOT (state IN ('archived', 'merged', 'receiving'))")}) m),
    ARRAY({_WAITING}),
    ARRAY({_CALLS.format(which="m.state IN ('receiving', 'held') AND c.ended_at IS NOT NULL")}),
    ARRAY(SELECT concat_ws(' ', m.id, m.title) FROM ({_MINE.format(which="state = 'held' AND written")}) m),
    ARRAY(SELECT concat_ws(' ', t.id, t.state, t.to_seat_id, t.due_at, m.title)
            FROM records_transfer t JOIN records_matter m ON m.id = t.matter_id
           WHERE t.state = ANY(%(offers)s) AND (t.to_desk_id = {_HERE} OR t.from_desk_id = {_HERE})
           ORDER BY t.id),
    ARRAY(SELECT concat_ws(' ', c.id, c.due_at, c.with_seat_id, c.joined_at IS NULL, k.ended_at IS NULL, m.title)
            FROM records_conference c JOIN records_matter m ON m.id = c.matter_id JOIN records_contact k ON k.id = m.contact_id
           WHERE c.state = 'open' AND c.with_desk_id = {_HERE} ORDER BY c.id),
    ARRAY(SELECT concat_ws(' ', d.id, d.level, d.due_at, d.means, m.holder_id)
            FROM records_demand d JOIN records_matter m ON m.id = d.matter_id
           WHERE d.state = 'open' AND (d.desk_id = {_HERE} OR m.holder_id = {_HERE}) ORDER BY d.id),
    ARRAY(SELECT id::text FROM records_handover WHERE state = 'offered' AND desk_id = {_HERE} ORDER BY id),
    ARRAY(SELECT id || state FROM records_reply WHERE state IN ('due', 'answered') AND desk_id = {_HERE} ORDER BY id),
    ARRAY(SELECT concat_ws(' ', j.id, j.due_at, m.title) FROM records_joining j JOIN records_matter m ON m.id = j.matter_id
           WHERE j.state = 'asked' AND j.asked_of_id = {_HERE} ORDER BY j.id),
    ARRAY(SELECT concat_ws(' ', s.id, s.state, s.due_at, m.title) FROM records_sheet s JOIN records_matter m ON m.id = s.matter_id
           WHERE s.state = ANY(%(sheets)s) AND s.desk_id = {_HERE} ORDER BY s.id)
"""
_CALL_HERE = f"""
    (SELECT m.id FROM records_matter m JOIN records_contact c ON c.id = m.contact_id
      WHERE m.seat_id = %(seat)s AND m.holder_id = {_HERE} AND m.state <> 'archived' AND c.channel = 'phone' AND {{which}}
      ORDER BY m.received_at DESC LIMIT 1)
"""
_TALK_OF_TWO = """
    (SELECT t.matter_id FROM records_conference t JOIN records_matter m ON m.id = t.matter_id
       JOIN records_contact c ON c.id = m.contact_id
      WHERE t.state = 'open' AND t.with_seat_id = %(seat)s AND {which} ORDER BY t.id LIMIT 1)
"""
# In this order: an offer that rings here; a call that rings here, for nobody else hears that person; an invitation, or
# the talk of two desks while its caller is there; a call that talks here or is wrapped up; what the talk at this seat is
# about, also when it is closed already, so that nobody loses the keys of a live line; a talk of two desks whose caller has
# gone; an offer that waits for the leader; a demand of the desk.
_OPENS = f"""
    CASE WHEN %(seat)s IS NOT NULL THEN coalesce(
        (SELECT matter_id FROM records_transfer WHERE state = 'offered' AND to_seat_id = %(seat)s ORDER BY due_at LIMIT 1),
        {_CALL_HERE.format(which="m.state = 'receiving' AND c.answered_at IS NULL AND c.ended_at IS NULL")},
        {_TALK_OF_TWO.format(which="(t.joined_at IS NULL OR c.ended_at IS NULL)")},
        {_CALL_HERE.format(which="(c.ended_at IS NULL OR (m.state = 'receiving' AND c.answered_at IS NOT NULL))")},
        (SELECT m.id FROM records_call k JOIN records_contact c ON c.call = k.id JOIN records_matter m ON m.contact_id = c.id
          WHERE k.state <> 'ended' AND k.seats @> to_jsonb(%(seat)s::bigint) ORDER BY m.received_at DESC LIMIT 1),
        {_TALK_OF_TWO.format(which="c.ended_at IS NOT NULL")},
        (SELECT matter_id FROM records_transfer WHERE state = 'led' AND to_desk_id = {_HERE} ORDER BY due_at LIMIT 1),
        (SELECT matter_id FROM records_demand WHERE state = 'open' AND desk_id = {_HERE} ORDER BY due_at LIMIT 1)) END
"""
# What the seat of another desk has typed of the matter shown, and whether its caller is held, which the switch says some
# time after the key: no act, so no Event says so.
_TYPED = f"""
    concat_ws(' ', (SELECT d.saved_at::text FROM records_draft d JOIN records_matter m ON m.id = d.matter_id
       JOIN records_seat s ON s.id = m.seat_id AND s.person_id = d.person_id
      WHERE m.id = %(shown)s AND m.holder_id <> {_HERE} AND m.state IN ('receiving', 'held')),
        (SELECT k.state FROM records_matter m JOIN records_contact c ON c.id = m.contact_id JOIN records_call k ON k.id = c.call
          WHERE m.id = %(shown)s AND k.state = 'held'))
"""
# An offer to this seat that its page is about to say beside something else: the first receipt is due for it.
_KNOCKING = """
    (SELECT id::text FROM records_transfer WHERE state = 'offered' AND to_seat_id = %(seat)s AND delivered_at IS NULL
        AND matter_id IS DISTINCT FROM %(shown)s::uuid ORDER BY due_at LIMIT 1)
"""
_PULSE = f"""
    SELECT (SELECT presence FROM records_seat WHERE id = %(seat)s), {_OPENS},
           (SELECT ARRAY[matter_id::text, means] FROM records_demand
             WHERE state = 'open' AND desk_id = {_HERE} AND matter_id IS DISTINCT FROM %(shown)s::uuid ORDER BY due_at LIMIT 1),
           (SELECT seq FROM records_matter WHERE id = %(shown)s AND city = %(city)s
               AND (holder_id = {_HERE} OR first_receiver_id = {_HERE})), {_TYPED}, {_KNOCKING}, {_BOARD}
"""


def stands(desk: str) -> str:
    """What the board of a desk shows, in one line: the same line, the same rows. What is a seat's own is not in it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_BOARD}", _desk(desk))
        return repr(cursor.fetchone())


def stamp(stood: str, presence: str | None) -> str:
    """The board's stamp: of what `stands` gave for the desk, and of the seat's presence."""
    return f"{zlib.crc32(repr((stood, presence)).encode()):x}"


def _desk(code: str) -> dict:
    return {"desk": code, "offers": list(flows.waiting("transfer")), "sheets": list(flows.waiting("sheet"))}


def pulse(viewer: Actor, shown: UUID | None) -> dict[str, str]:
    """`open`: the matter that wants to open by itself; `knock`: one in which 110 here is asked to send, with `danger`, for what,
    while something else is on the screen, whoever talks there; `offer`: one to this seat, other than of the one shown, that no page
    has said to have; `seq`: of the one shown, "" when it is out of sight; `board`: a
    stamp that changes with anything the board shows; `seat`: its presence; `queue`: how many calls wait; `typed`: a stamp of
    what another desk is typing of the one shown, and of its caller being held."""
    with connection.cursor() as cursor:
        here = {"seat": viewer.seat, "shown": shown, "city": viewer.city}
        cursor.execute(_PULSE, here | _desk(viewer.desk))
        seat, wanted, unsent, seq, typed, offer, *board = cursor.fetchone()
    if shown and seq is None:  # neither held nor first received here: whether it is in sight is asked at length
        seq = in_sight(viewer).filter(pk=shown).values_list("seq", flat=True).first()
    sight = {"seq": str(seq or ""), "typed": typed or "" if seq else ""}
    knocks, danger = unsent if unsent and shown and viewer.seat else ("", "")
    return {
        "open": str(wanted or ""),
        "knock": knocks,
        "offer": offer or "",
        "danger": danger,
        "board": stamp(repr(tuple(board)), seat),
        "seat": seat or "off",
        "queue": counted(First.of(board[1], CALLS)),
    } | sight
