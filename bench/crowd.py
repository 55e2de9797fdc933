"""Many matters, made by the database itself: contacts, matters, one Event each, units' orders, transfers, the index.

A city of some years: one matter every 20 seconds, the last of them open. Whoever is to have more of them open has the
newest made anew, so that millions are written once for several sizes.
"""

from django.db import connection, transaction

TABLES = (
    "contact",
    "matter",
    "order",
    "transfer",
    "demand",
    "designation",
    "event",
    "finding",
    "tally",
    "daycount",
    "findingmark",
)

_WORDS = """
CREATE TEMP TABLE told AS SELECT row_number() OVER () - 1 AS no, said, ARRAY(
    SELECT DISTINCT substr(run, k, 2) FROM regexp_split_to_table(said, '，') AS run, generate_series(1, char_length(run)) AS k
) AS pieces FROM (
    SELECT place || what AS said FROM
      unnest(ARRAY['鹿城镇团山路', '东瓜镇富民路', '紫溪镇街口', '永安路中段', '北浦路尽头', '开发区东盛路', '阳光大道', '彝海公园门口',
                   '龙江路口', '灵秀路']) AS place,
      unnest(ARRAY['的路灯坏了好几盏，晚上看不见路', '的工地半夜施工噪音太大睡不着', '下水道堵了污水流出来', '的井盖不见了怕人掉下去',
                   '有人乱停车堵住消防通道', '公交车好久不来一趟', '的垃圾没有人清运很臭', '停水两天了没有人通知', '想问一下医保怎么转移',
                   '的路灯杆被车撞歪了']) AS what) AS pairs
"""
_FILL = """
INSERT INTO records_contact (id, channel, line, number, caller_name, place, accuracy_m, district, desk_id, rang_at,
                             answered_at, ended_at, no_call_back)
SELECT {id}, 'phone', '12345',
       '13' || lpad(((n * 7919::bigint) %% 1000000000)::text, 9, '0'), '', '', 80, '532301', {desk}, {at}, {at}, {at}, false
  FROM generate_series(%(first)s, %(matters)s) AS n;

INSERT INTO records_matter (id, number, query_code, city, state, holder_id, first_receiver_id, contact_id, pack_id, title,
       said, answers, kind, item, nature, district, place, secret, source_hidden, danger, danger_at, closing, answer, outcome,
       received_at, due_at, lead_due_at, archived_at, reminded, seq, head, year)
SELECT {id}, to_char({at}, 'MMDD-') || lpad(n::text, 7, '0'),
       'Q' || lpad(n::text, 8, '0'), '532300',
       CASE WHEN n > %(ended)s THEN CASE WHEN n %% 100 = 0 THEN 'held' WHEN n %% 20 = 3 THEN 'resolved'
            WHEN n %% 25 = 4 THEN 'answered' ELSE 'handling' END
       ELSE 'archived' END, {desk}, CASE WHEN n %% 10 = 2 THEN %(big)s ELSE {desk} END, {id}, %(pack)s,
       left(said, 20), said || CASE WHEN n %% 1000 = 7 THEN '，靠近梧桐巷' ELSE '' END || '，编号' || n, '{{}}', '12345-' || 1 + n %% 8,
       '', 'help', (ARRAY['532301', '532322', '532323', '532324', '532325', '532331'])[1 + n %% 6], split_part(said, '路', 1),
       n %% 200 = 3, false, CASE WHEN n %% 5000 = 11 AND n > %(ended)s THEN 'raised' ELSE 'none' END,
       CASE WHEN n %% 5000 = 11 AND n > %(ended)s THEN {at} END, '', '', '',
       {at}, CASE WHEN n > %(ended)s THEN now() + (n %% 100000 - 20000) * interval '7 seconds' END,
       CASE WHEN n > %(ended)s AND n %% 100 <> 0 AND n %% 20 <> 3 AND n %% 25 <> 4
            THEN now() + (n %% 100000 - 20000) * interval '7 seconds' END,
       CASE WHEN n > %(ended)s THEN NULL ELSE {at} END, 0, CASE WHEN {at} > now() - interval '40 days' THEN 2 ELSE 1 END,
       repeat('0', 64), extract(year FROM {at})
  FROM generate_series(%(first)s, %(matters)s) AS n JOIN told ON told.no = (n::bigint * 31) %% 100;

INSERT INTO records_order (id, matter_id, unit_id, part, state, ask, assigned_at, sign_due_at, answer_due_at, due_at, contact_note,
       reminded, findings, answer, hand_back_cause, proposed_owner, designated, suspend_why, supervised_at, ended_at)
SELECT id, id, %(unit)s, 'lead', CASE WHEN state = 'handling' THEN 'signed' ELSE 'resolved' END, '', received_at,
       received_at, coalesce(due_at, received_at + interval '5 days'), CASE WHEN state = 'handling' THEN due_at END, '', 0, '', '', '',
       '', false, '', CASE WHEN query_code LIKE '%%999' THEN received_at END,
       CASE WHEN state <> 'handling' THEN received_at + interval '3 days' END
  FROM records_matter WHERE state <> 'held' AND id >= %(since)s;

INSERT INTO records_transfer (id, matter_id, from_desk_id, to_desk_id, state, with_voice, consent, kind, reason, clause, offered_at,
       delivered_at, seen_at, ended_at, due_at, rings, decline_code, decline_note, proposed_owner)
SELECT id, id, first_receiver_id, holder_id, 'accepted', true, true, kind, '', '', received_at, received_at, received_at,
       received_at + interval '7 seconds', NULL, 1, '', '', ''
  FROM records_matter WHERE holder_id <> first_receiver_id AND id >= %(since)s;

INSERT INTO records_demand (id, matter_id, desk_id, raised_by_desk_id, state, means, also, opened_at, due_at, level, why, ended_at)
SELECT id, id, %(police)s, holder_id, 'met', '打架', '[]', danger_at, NULL, 0, '', danger_at
  FROM records_matter WHERE danger = 'raised' AND id >= %(since)s;

INSERT INTO records_designation (id, matter_id, asked_desk_id, state, cause, asked_at, due_at, reminded, chosen, why)
SELECT id, id, %(duty)s, 'asked', 'handed_back_twice', received_at, received_at + interval '1 day', 0, '', ''
  FROM records_matter WHERE state = 'held' AND query_code LIKE '%%2000' AND id >= %(since)s;

INSERT INTO records_event (stream, seq, act, kind, at, matter_id, body, private, salt, before, digest, topics)
SELECT 'matter:' || id, 1, id, 'matter.opened', received_at, id, '{{"by": {{"role": "system", "rule": "bench"}}}}', '', '', repeat('0', 64),
       repeat('0', 64), '{{}}'
  FROM records_matter WHERE id >= %(since)s ORDER BY id;

INSERT INTO records_event (stream, seq, act, kind, at, matter_id, body, private, salt, before, digest, topics)
SELECT 'matter:' || id, 2, id, 'matter.recorded', received_at, id, '{{"by": {{"role": "operator"}}, "suggested": {{"platform": "12345",
       "urgent": false, "kind": "' || kind || '", "act": "transfer", "confidence": 0.9}}}}', '', '', repeat('0', 64),
       repeat('0', 64), '{{}}'
  FROM records_matter WHERE id >= %(since)s AND received_at > now() - interval '40 days' ORDER BY id;

INSERT INTO records_finding (matter_id, city, received_at, due_at, lexemes)
SELECT m.id, m.city, m.received_at, m.due_at, array_to_tsvector(told.pieces
       || CASE WHEN said_n %% 1000 = 7 THEN ARRAY['靠近', '近梧', '梧桐', '桐巷', '巷'] ELSE ARRAY[]::text[] END
       || ARRAY['s:' || d.code, 'k:' || kind, 'd:' || m.district, 'z:' || m.state, 'n:' || c.number,
                'e:' || right(c.number, 4), 'm:' || m.number, 'u:' || %(unit_code)s]
       || CASE WHEN m.state = 'archived' THEN ARRAY[]::text[] ELSE ARRAY['o:' || d.code] END
       || CASE WHEN m.danger = 'raised' THEN ARRAY['x:danger'] ELSE ARRAY[]::text[] END)
  FROM (SELECT *, substr(query_code, 2)::bigint AS said_n FROM records_matter WHERE id >= %(since)s) AS m
       JOIN records_desk d ON d.id = m.holder_id
       JOIN records_contact c ON c.id = m.contact_id JOIN told ON told.no = (m.said_n * 31) %% 100;

INSERT INTO records_tally (matter_id, shares)
SELECT m.id, CASE WHEN secret THEN '' ELSE concat_ws(E'\n',
         CASE WHEN t.id IS NOT NULL THEN '1 ' || day || ' given.accepted ' || t.to_desk_id END,
         CASE WHEN o.state = 'resolved' AND o.ended_at > o.answer_due_at THEN '1 ' || day || ' late ' || o.unit_id END,
         CASE WHEN o.id IS NOT NULL THEN '1 ' || day || ' orders ' || o.unit_id END,
         '1 ' || day || ' received ' || m.first_receiver_id,
         CASE WHEN o.supervised_at IS NOT NULL THEN '1 ' || day || ' supervised ' || o.unit_id END) END
  FROM (SELECT *, (received_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM records_matter WHERE id >= %(since)s) AS m
       LEFT JOIN records_order o ON o.matter_id = m.id LEFT JOIN records_transfer t ON t.matter_id = m.id;

TRUNCATE records_daycount;
INSERT INTO records_daycount (city, day, what, who, n)
SELECT '532300', split_part(line, ' ', 2)::date, split_part(line, ' ', 3), split_part(line, ' ', 4), count(*)
  FROM records_tally, regexp_split_to_table(shares, E'\n') AS line WHERE shares <> '' GROUP BY 2, 3, 4;

DELETE FROM records_findingmark;
INSERT INTO records_findingmark (id, upto, ahead, transaction, all_counted) SELECT 1, max(id), max(id), 0, true FROM records_event
"""
_ID = "('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
_AT = "(now() - (%(matters)s - n) * interval '20 seconds')"
_DESK = "(CASE WHEN n %% 1000 = 1 THEN %(small)s WHEN n %% 10 = 2 THEN %(police)s ELSE %(big)s END)"


def crowd(matters: int, still_open: int) -> None:
    """Fill the database with `matters` of one city, the last `still_open` of them open; what was there goes.

    In one transaction with the emptying of the tables, and indexes are put aside while rows are written and built
    afterwards, each in one go: a server that writes its log at the least level (`least_log`) then logs none of it.
    """
    names = ", ".join(f"records_{table}" for table in TABLES)
    with transaction.atomic(), connection.cursor() as cursor:
        _quickly(cursor)
        cursor.execute(f"TRUNCATE {names} CASCADE")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE NOT indisunique"
            " AND indrelid::regclass::text = ANY(%s)",
            [names.split(", ")],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        _fill(cursor, 1, matters, still_open)
        for _, definition in indexes:
            cursor.execute(definition)
    _settle()


def open_more(matters: int, still_open: int) -> None:
    """Of the `matters` that are there make the last `still_open` anew, open."""
    first = matters - still_open + 1
    with transaction.atomic(), connection.cursor() as cursor:
        _quickly(cursor)
        for table in TABLES[:-2]:
            key = "id" if table in ("contact", "matter") else "matter_id"
            cursor.execute(f"DELETE FROM records_{table} WHERE {key} >= %s", [_uuid(first)])
        _fill(cursor, first, matters, still_open)
    _settle()


def least_log(cluster) -> None:
    """Start the server again with as little of a write-ahead log as it can do with; reading is not changed by it."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET wal_level = minimal")
        cursor.execute("ALTER SYSTEM SET max_wal_senders = 0")
    connection.close()
    cluster.stop()
    cluster.start(patience=30)


def _quickly(cursor) -> None:
    cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off")
    cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL maintenance_work_mem = '512MB'")
    cursor.execute("DROP TABLE IF EXISTS told")
    cursor.execute(_WORDS)


def _fill(cursor, first: int, matters: int, still_open: int) -> None:
    from liandong.records.models import Desk, PackRelease, Unit

    unit = Unit.objects.filter(city="532300").order_by("code").first()
    desk = {d.code: d.pk for d in Desk.objects.filter(city="532300")}
    given = {
        "first": first, "since": _uuid(first), "matters": matters, "ended": matters - still_open,
        "unit": unit.pk, "unit_code": unit.code, "pack": PackRelease.objects.get(city="532300").pk,
        "big": desk["12345:532300"], "police": desk["110:532301"], "small": desk["110:532300"],
        "duty": desk["duty:532300"],
    }  # fmt: skip
    for part in _FILL.format(id=_ID, at=_AT, desk=_DESK).split(";\n"):
        cursor.execute(part, given)


def _settle() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE records_{table}")


def _uuid(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012x}"
