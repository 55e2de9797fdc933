"""`liandong import FILE --map MAP.toml`: old records of another system, looked at first, kept when told so."""

import tomllib
from pathlib import Path

from django.utils import timezone

from liandong.channels.files import bringing
from liandong.records.models import Desk, Person
from liandong.rules.access import Actor
from liandong.rules.old_records import read_map
from liandong.rules.say import Unable
from liandong.words import fault


def run(file: Path, mapping: Path, *, work_no: str, dry_run: bool, skip_bad: bool) -> int:
    """0 when every row was good or the bad ones were to be skipped; 1 when refused or a row was bad."""
    try:
        by = read_map(tomllib.loads(mapping.read_text("utf-8")))
        if dry_run:
            seen = bringing.look(file, by, timezone.now())
        else:
            actor = administrator(work_no, by.desk)
            if actor is None:
                print(f"工号 {work_no or '（没写）'} 不是这个城市的管理员。用 --by 写明是谁。")
                return 1
            seen = bringing.bring(file, by, actor=actor, at=timezone.now(), skip_bad=skip_bad)
    except Unable as refused:
        print(str(fault(refused.say)))
        return 1
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        print(f"读不了文件：{error}")
        return 1
    tell(seen, dry_run, skip_bad)
    return 1 if seen.bad and not skip_bad else 0


def administrator(work_no: str, desk_code: str) -> Actor | None:
    """The administrator of the desk's city with this work number."""
    desk = Desk.objects.filter(code=desk_code).first()
    person = Person.objects.filter(work_no=work_no, is_active=True).first()
    if desk is None or person is None:
        return None
    posts = person.posts.filter(role="administrator", city=desk.city)
    if not any(p.until_at is None or p.until_at > timezone.now() for p in posts):
        return None
    return Actor(role="administrator", person=person.pk, name=person.name, work_no=work_no, city=desk.city)


def tell(seen: bringing.Report, dry_run: bool, skip_bad: bool) -> None:
    for problem in seen.problems:
        said = fault(problem.say)
        print(f"第 {problem.row} 行，{problem.column or '（没有这一列）'}：{said.what}{said.press}")
    if seen.bad > len({p.row for p in seen.problems}):
        print(f"只列出前 {len(seen.problems)} 处。")
    if dry_run:
        print(f"共 {seen.rows} 行，{seen.good} 行可以导入，{seen.bad} 行要改。这次什么都没有导入。")
    elif seen.bad and not skip_bad:
        print(f"有 {seen.bad} 行要改，什么都没有导入。改好再导，或加 --skip-bad 跳过这些行。")
    else:
        print(f"共 {seen.rows} 行，新导入 {seen.kept} 件，{seen.good - seen.kept} 件以前导入过，跳过 {seen.bad} 行。")
