"""Finding, files out, old records in: what is refused, and what the course says."""

from liandong.words.told import Told

FAULTS: dict[str, tuple[str, str, str]] = {
    "conflict.views_full": ("常用查找已有 {most} 个。", "没有存下，条件都在。", "先删掉一个不用的。"),
}

COURSE: dict[str, Told] = {
    "matters.exported": Told("order", "导出", "{rows} 件"),
}
