"""What is missing for this process to serve, in words: asked by whatever spreads requests over several of them."""

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from liandong.queries import operation
from liandong.queries.stuck import PROCESSES
from liandong.records.models import PackRelease

_upgraded = False


def missing() -> list[str]:
    """Why no request should come here, in Chinese; empty: they may."""
    try:
        behind = _behind()
        if behind:
            return [f"数据库还差 {behind} 步升级。请运行 liandong migrate。"]
        without = [] if PackRelease.objects.exists() else ["还没有发布地区清单。请运行 liandong packs load。"]
    except DatabaseError:
        return ["数据库没有回应。请运行 liandong doctor。"]
    if isinstance(staticfiles_storage, ManifestFilesMixin) and staticfiles_storage.read_manifest() is None:
        without.append("页面文件还没有收集。请运行 liandong prepare。")
    return without


def beside() -> list[str]:
    """What else does not run, though pages can be served without it: taking the pages away too would help nobody."""
    try:
        gone = operation.silent(timezone.now())
    except DatabaseError:
        return []
    return [f"{PROCESSES.get(name, name)}({name})已有 {seconds:.0f} 秒没有动静。" for name, seconds in gone]


def _behind() -> int:
    """Migrations of this version that the database lacks; once there are none, this process asks no more."""
    global _upgraded
    if not _upgraded:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            return len(plan)
        _upgraded = True
    return 0
