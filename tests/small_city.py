"""A small city to try triage and routing on: two counties, a few kinds of each list, five lines."""

from datetime import date

from liandong.rules.pack import (
    Body,
    DangerWord,
    Desk,
    District,
    Item,
    Kind,
    Line,
    Mechanism,
    Pack,
    Scope,
    Source,
    Unit,
)

HERE = Source("清单", quote="原文")


def kind(code, platform, title, *items, **more):
    rows = tuple(
        Item(f"{code}.{n}", code, text, HERE, tuple(words.split())) for n, (text, words) in enumerate(items, 1)
    )
    return Kind(code, platform, title, HERE, rows, **more)


def danger(text, means, code, *also):
    return DangerWord(text, means, code, also, HERE)


def line(number, hours, words, successor=""):
    return Line(number, hours, HERE, name=f"{words.split()[0]}热线", successor=successor, words=tuple(words.split()))


def small_city(unclear="first_receiver", digest="small"):
    """`unclear` is the city's answer to who takes it when nobody is clear."""
    return Pack(
        id="small",
        title="小城清单",
        version="1",
        effective_on=date(2022, 12, 1),
        notice="小城〔2022〕1号",
        city="小州",
        city_code="539900",
        digest=digest + unclear,
        desks=(
            Desk("12345:539900", "12345", "prefecture", "539900", "小州 12345", "12345", HERE),
            Desk("110:539900", "110", "prefecture", "539900", "小州 110", "小州 110", HERE),
            Desk("110:539901", "110", "county", "539901", "东山县 110", "东山 110", HERE),
            Desk("110:539902", "110", "county", "539902", "西水县 110", "西水 110", HERE),
            Desk("duty:539900", "duty", "prefecture", "539900", "总值班室", "总值班室", HERE),
        ),
        districts=(
            District("539901", "东山县", "东山", HERE, ("青石镇", "城关镇")),
            District("539902", "西水县", "西水", HERE, ("白沙乡", "城关镇")),
        ),
        kinds=(
            kind("p1", "110", "违法犯罪", ("刑事案件", "被偷 被盗 诈骗 抢劫"), ("治安案件", "打架 赌博 家暴")),
            kind("p2", "110", "救助", ("自杀", "轻生"), ("走失", "走失 走丢")),
            kind("p3", "110", "灾害事故", ("火灾", "消防车"), ("燃气险情", "闻到煤气")),
            kind("p4", "110", "涉警投诉", ("不履行职责", "派出所…不管 民警态度")),
            kind("h1", "12345", "公共设施类", ("路灯", "路灯不亮"), ("道路损坏", "路面坑洼 积水")),
            kind("h2", "12345", "矛盾纠纷类", ("邻里纠纷", "邻居吵架 地界纠纷"), after_first_handling=True),
            kind("h3", "12345", "劳动保障", ("欠薪", "拖欠工资 工钱 讨薪"), also=("66",)),
            kind("h4", "12345", "经营管理类", ("物价", "乱收费"), ("消费", "假货 退货")),
        ),
        scopes=(Scope("scope-12345", "12345", "企业和群众对政府服务的咨询", HERE, ("社保卡", "公积金", "怎么办理")),),
        bodies=(
            Body("body-4", 4, "发改委", HERE, (line("12358", "workday", "价格举报 物价举报 哄抬物价"),)),
            Body("body-5", 5, "水务公司", HERE, (line("3332183", "unstated", "自来水抢修 水管爆裂"),)),
            Body("body-6", 6, "法律援助中心", HERE, (line("12348", "24h", "法律援助"),)),
            Body("body-7", 7, "质监局", HERE, (line("12365", "workday", "质量投诉", successor="12315"),)),
            Body("body-8", 8, "煤气公司", HERE, (line("2900560", "24h", "液化气维修 煤气罐"),)),
        ),
        units=(
            Unit("u-road", "东山县住建局", "住建局", "539901", HERE, ("h1",)),
            Unit("u-labour", "州人社局", "人社局", "", HERE, ("h3",)),
        ),
        limits=(),
        mechanisms=(
            Mechanism("unclear", unclear, "谈不定的由谁办", HERE),
            Mechanism("outside", "guide", "引导分流至其他渠道或做好解释", HERE),
            Mechanism("dispute", "after_first_handling", "公安机关经先期处置", HERE),
            Mechanism("danger", "110_first", "由110及时派警先行处置", HERE),
            Mechanism("to_110", "district", "转至行政区域110", HERE),
        ),
        dangers=(
            danger("跳楼", "有人要跳楼", "p2.1", "119", "120"),
            danger("站在…楼顶", "有人要跳楼", "p2.1", "119"),
            danger("再不…跳", "扬言过激", "p2.1"),
            danger("不想活", "有人想自杀", "p2.1", "120"),
            danger("着火", "起火", "p3.1", "119"),
            danger("起火", "起火", "p3.1", "119"),
            danger("火", "一个字不算词", "p3.1"),
            danger("煤气泄漏", "燃气泄漏", "p3.2", "119"),
            danger("煤气味", "燃气泄漏", "p3.2", "119"),
            danger("正在打", "正在打斗", "p1.2"),
            danger("砍人", "有人行凶", "p1.1", "120"),
            danger("受伤", "有人受伤", "p1.1", "120"),
            danger("被困", "有人被困", "p2", "119"),
            danger("救命", "求救", "p2"),
            danger("抢劫", "正在抢劫", "p1.1"),
        ),
    )
