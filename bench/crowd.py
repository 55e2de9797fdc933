"""Many matters, made by the database itself: contacts, matters, one Event each, units' orders, and the index."""

from django.db import connection

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
_CLEAR = """
SET session_replication_role = replica;
TRUNCATE records_finding, records_event, records_order, records_matter, records_contact, records_findingmark CASCADE
"""
_FILL = """
INSERT INTO records_contact (id, channel, line, number, caller_name, place, accuracy_m, district, desk_id, rang_at,
                             answered_at, ended_at, no_call_back)
SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'phone', '12345',
       '13' || lpad(((n * 7919::bigint) %% 1000000000)::text, 9, '0'), '', '', 80, '532301', {desk}, {at}, {at}, {at}, false
  FROM generate_series(1, %(matters)s) AS n;

INSERT INTO records_matter (id, number, query_code, city, state, holder_id, first_receiver_id, contact_id, pack_id, title,
       said, answers, kind, item, nature, district, place, secret, source_hidden, danger, closing, answer, outcome,
       received_at, due_at, archived_at, reminded, seq, head, year)
SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, to_char({at}, 'MMDD-') || lpad(n::text, 7, '0'),
       'Q' || n, '532300', CASE WHEN n > %(ended)s THEN CASE WHEN n %% 100 = 0 THEN 'held' WHEN n %% 20 = 3 THEN 'resolved'
            WHEN n %% 25 = 4 THEN 'answered' ELSE 'handling' END
       ELSE 'archived' END, {desk}, {desk}, ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %(pack)s,
       left(said, 20), said || CASE WHEN n %% 1000 = 7 THEN '，靠近梧桐巷' ELSE '' END || '，编号' || n, '{{}}', '12345-' || 1 + n %% 8,
       '', 'help', (ARRAY['532301', '532322', '532323', '532324', '532325', '532331'])[1 + n %% 6], split_part(said, '路', 1),
       n %% 200 = 3, false, CASE WHEN n %% 5000 = 11 THEN 'raised' ELSE 'none' END, '', '', '',
       {at}, CASE WHEN n > %(ended)s THEN now() + (n %% 100000 - 20000) * interval '7 seconds' END,
       CASE WHEN n > %(ended)s THEN NULL ELSE {at} END, 0, 1, repeat('0', 64), extract(year FROM {at})
  FROM generate_series(1, %(matters)s) AS n JOIN told ON told.no = (n::bigint * 31) %% 100;

INSERT INTO records_order (id, matter_id, unit_id, part, state, ask, assigned_at, sign_due_at, answer_due_at, due_at, contact_note,
       reminded, findings, answer, hand_back_cause, proposed_owner, designated, suspend_why)
SELECT m.id, m.id, %(unit)s, 'lead', CASE WHEN m.state = 'handling' THEN 'signed' ELSE 'resolved' END, '', received_at,
       received_at, received_at, CASE WHEN m.state = 'handling' THEN now() END, '', 0, '', '', '', '', false, ''
  FROM records_matter m WHERE m.state IN ('handling', 'resolved', 'answered') OR m.seq %% 2 = 1;

INSERT INTO records_event (stream, seq, act, kind, at, matter_id, body, private, salt, before, digest, topics)
SELECT 'matter:' || id, 1, id, 'matter.opened', received_at, id, '{{}}', '', '', repeat('0', 64), repeat('0', 64), '{{}}'
  FROM records_matter;

INSERT INTO records_finding (matter_id, city, received_at, due_at, lexemes)
SELECT m.id, m.city, m.received_at, m.due_at, array_to_tsvector(told.pieces
       || CASE WHEN said_n %% 1000 = 7 THEN ARRAY['靠近', '近梧', '梧桐', '桐巷', '巷'] ELSE ARRAY[]::text[] END
       || ARRAY['s:' || d.code, 'k:' || kind, 'd:' || m.district, 'z:' || m.state, 'n:' || c.number,
                'e:' || right(c.number, 4), 'm:' || m.number, 'u:' || %(unit_code)s]
       || CASE WHEN m.state = 'archived' THEN ARRAY[]::text[] ELSE ARRAY['o:' || d.code] END
       || CASE WHEN m.danger = 'raised' THEN ARRAY['x:danger'] ELSE ARRAY[]::text[] END)
  FROM (SELECT *, substr(query_code, 2)::bigint AS said_n FROM records_matter) AS m JOIN records_desk d ON d.id = m.holder_id
       JOIN records_contact c ON c.id = m.contact_id JOIN told ON told.no = (m.said_n * 31) %% 100;

INSERT INTO records_findingmark (id, upto, ahead, transaction)
SELECT 1, max(id), max(id), 0 FROM records_event;
SET session_replication_role = DEFAULT
"""
_AT = "(now() - (%(matters)s - n) * interval '20 seconds')"
_DESK = "(CASE WHEN n %% 1000 = 1 THEN %(small)s WHEN n %% 10 = 2 THEN %(police)s ELSE %(big)s END)"


def crowd(matters: int, still_open: int) -> None:
    """Fill the database with `matters` of one city, the last `still_open` of them open; what was there goes."""
    from liandong.records.models import Desk, PackRelease, Unit

    unit = Unit.objects.filter(city="532300").order_by("code").first()
    given = {
        "matters": matters, "ended": matters - still_open, "unit": unit.pk, "unit_code": unit.code,
        "pack": PackRelease.objects.get(city="532300").pk, "big": Desk.objects.get(code="12345:532300").pk,
        "police": Desk.objects.get(code="110:532301").pk, "small": Desk.objects.get(code="110:532300").pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS told")
        cursor.execute(_WORDS)
        for part in _CLEAR.split(";"):
            cursor.execute(part)
        for part in _FILL.format(at=_AT, desk=_DESK).split(";\n"):
            cursor.execute(part, given if "%(" in part else None)
        for table in ("contact", "matter", "order", "event", "finding", "findingmark"):
            cursor.execute(f"VACUUM ANALYZE records_{table}")
