"""Who signs in to the demo city. Names, numbers and passwords are invented and good for nothing else."""

from typing import NamedTuple

from liandong.queries.people import DEMO_PASSWORD as PASSWORD


class Player(NamedTuple):
    """One demo sign-in: where they work is a desk and seat, or a unit."""

    username: str
    name: str
    work_no: str
    role: str
    city: str
    at: str  # desk code or unit code
    seat: str = ""


PLAYERS = (
    Player("lin", "林晓", "5307", "operator", "532300", "12345:532300", "07"),
    Player("zhou", "周敏", "5308", "operator", "532300", "12345:532300", "08"),
    Player("shen", "沈立", "5301", "shift_leader", "532300", "12345:532300", "01"),
    Player("yue", "岳峰", "0403", "dispatcher", "532300", "110:532301", "03"),
    Player("shi", "施然", "0404", "dispatcher", "532300", "110:532301", "04"),
    Player("feng", "冯立", "0202", "dispatcher", "532300", "110:532302", "02"),
    Player("bai", "白杨", "0101", "dispatcher", "532300", "110:532300", "01"),
    Player("duan", "段宁", "U311", "clerk", "532300", "532301-housing"),
    Player("pu", "普云", "U312", "clerk", "532300", "532301-labour"),
    Player("tang", "唐晚", "U313", "clerk", "532300", "532301-urban"),
    Player("gao", "高远", "9001", "duty_officer", "532300", "duty:532300", "01"),
    Player("he", "何青", "6301", "operator", "510400", "12345:510400", "01"),
    Player("luo", "罗川", "6101", "dispatcher", "510400", "110:510400", "01"),
    Player("cheng", "程川", "9101", "duty_officer", "510400", "duty:510400", "01"),
    Player("jin", "金沙", "U401", "clerk", "510400", "510400-14"),
    Player("guan", "关原", "8001", "administrator", "532300", ""),
    Player("mei", "梅岭", "8101", "administrator", "510400", ""),
    Player("su", "苏衡", "7001", "supervisor", "532300", ""),
)

__all__ = ["PASSWORD", "PLAYERS", "Player"]
