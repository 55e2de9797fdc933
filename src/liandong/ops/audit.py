"""`liandong audit verify`: whether every Event stands as it was written; the first row that does not is named."""

from liandong.queries import chains

MOST = 20
"""Broken streams that are named one by one."""

WHY = {
    "body": "内容和摘要对不上",
    "before": "接不上前一行",
    "missing": "这一行不见了",
    "columns": "栏目和内容对不上",
    "private": "个人信息和封存的摘要对不上",
    "head": "事项记的最后一行和实际不同",
    "seal": "这一小时的封存对不上",
}


def verify(stream: str = "") -> int:
    """Read one stream or all; 0 when everything holds, 1 otherwise."""
    tally = chains.Tally()
    broken = 0
    for row in chains.verify(tally, stream):
        broken += 1
        if broken <= MOST:
            print(said(row), flush=True)
    if broken > MOST:
        print(f"还有 {broken - MOST} 处没有列出。")
    read = f"{tally.rows} 行，{tally.streams} 条链，{tally.seals} 次封存，{tally.erased} 行已依法删去个人信息"
    if broken:
        print(f"有 {broken} 处对不上。查了 {read}。")
        return 1
    if stream and not tally.rows:
        print(f"没有 {stream} 这条链。")
        return 1
    print(f"全部对得上：{read}。")
    return 0


def said(row: chains.Broken) -> str:
    """One broken row in one line: stream, number, id, time, and what is wrong."""
    when = f"{row.at:%Y-%m-%d %H:%M:%S}" if row.at else "时间不明"
    event = f"，第 {row.event} 号事件" if row.event else ""
    place = f"封存 {row.seq}" if row.stream == "seal" else f"{row.stream} 第 {row.seq} 行{event}"
    return f"✗ {place}，{when}：{WHY[row.cause]}"
