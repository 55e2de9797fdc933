"""Finding, files out, old records in: what is refused, and what the course says."""

from liandong.words.told import Told

_ROW = "这一行没有导入。"
_FILE = "什么都没有导入。"

FAULTS: dict[str, tuple[str, str, str]] = {
    "forbidden.import": ("只有本城市的管理员能导入。", _FILE, "请管理员来导。"),
    "forbidden.secrets": ("只有本城市的督查能看。", "什么都没有打开。", "请督查来看。"),
    "invalid.column_missing": ("表里没有“{value}”这一列。", _FILE, "改对照表里的列名，再试一遍。"),
    "invalid.column_twice": ("表里有两列都叫“{value}”。", _FILE, "改掉一列的名字，再试一遍。"),
    "invalid.csv_broken": ("第 {row} 行的引号没配对。", _FILE, "改好这一行，再试一遍。"),
    "invalid.file_no_rows": ("表里只有表头，没有一行。", _FILE, "换一个有内容的文件。"),
    "invalid.file_bomb": ("表格解开后大得不正常。", _FILE, "另存成 CSV 再导。"),
    "invalid.file_broken": ("文件坏了，读不下去。", _FILE, "用 Excel 打开另存再导。"),
    "invalid.file_empty": ("文件是空的。", _FILE, "换一个有内容的文件。"),
    "invalid.file_kind": ("只认 .xlsx 和 .csv 文件。", _FILE, "用 Excel 另存再导。"),
    "invalid.file_large": ("文件超过 {most} 兆。", _FILE, "分成几个文件再导。"),
    "invalid.file_missing": ("还没选文件。", _FILE, "选好文件和对照表再按。"),
    "invalid.map_broken": ("对照表读不懂。", _FILE, "照说明改好对照表再试。"),
    "invalid.map_desk": ("没有 {value} 这个台。", _FILE, "把对照表的 desk 改对。"),
    "invalid.map_missing": ("对照表缺 {what}。", _FILE, "补上再试一遍。"),
    "invalid.map_unknown": ("对照表里的 {what} 不认识。", _FILE, "照说明改成认识的。"),
    "invalid.old_empty": ("空着，必须有。", _ROW, "补上再导。"),
    "invalid.old_future": ("{value} 还没到。", _ROW, "改成以前的时间。"),
    "invalid.old_beyond": ("比表头多出 {over} 格。", _ROW, "多半少了引号，把格子对齐。"),
    "invalid.old_formula": ("{value} 是没算出来的公式。", _ROW, "换成算好的值。"),
    "invalid.old_long": ("多了 {over} 个字。", _ROW, "删到 {most} 字以内。"),
    "invalid.old_time": ("{value} 不是时间。", _ROW, "写成 2024-03-01 09:30。"),
    "invalid.old_turned": ("办结比收到还早。", _ROW, "把两个时间改对。"),
    "invalid.old_twice": ("{value} 第 {row} 行已有。", _ROW, "编号不能重复，改一个。"),
    "invalid.old_value": ("不认识 {value}。", _ROW, "改成清单里的，或写进对照表。"),
    "conflict.views_full": ("常用查找已有 {most} 个。", "没有存下，条件都在。", "先删掉一个不用的。"),
}

COURSE: dict[str, Told] = {
    "matter.imported": Told("keep", "从旧系统导入", "{source}"),
    "matters.imported": Told("keep", "导入旧记录", "{source}，{kept} 件"),
    "matters.exported": Told("order", "导出", "{rows} 件"),
    "month.exported": Told("order", "导出通报", "{month}，{rows} 件"),
    "matter.unsealed": Told("seen", "督查看内容", "{why}"),
    "secrets.listed": Told("seen", "督查看保密单子", "{rows} 件"),
}
