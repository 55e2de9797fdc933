"""A new city's kinds work from its pack alone: with ten examples far more is found than by the title."""

from dataclasses import replace

from liandong.packs.load import load, shipped
from liandong.rules.pack import Example, Item, Kind, Source
from liandong.triage import read

HERE = Source("本市补充清单")
TOLD = {  # kind: (title, ten examples, what people then say)
    "12345-31": (
        "低空飞行管理",
        "窗外老有小飞机嗡嗡地拍|隔壁天天放航模飞到我家院子|有人用遥控飞机偷看我家阳台|公园上面好多无人机太吵了|送货的飞行器总从屋顶过"
        "|无人机挂在我家树上了谁来取|放飞无人机要不要备案|小飞机掉下来砸坏晾衣架|航拍的人天天对着我们楼|学校上空有飞机模型乱飞",
        "有架小飞机天天对着我家窗户拍|航模飞得太低吓到孩子|无人机嗡嗡响了一下午|飞无人机在哪里备案|遥控飞机掉进我家院子"
        "|楼上有人放飞行器偷看|送货飞行器从我屋顶飞过太吵|航拍的对着我们阳台|有无人机挂在电杆上|小区上空飞机模型乱飞",
    ),
    "12345-32": (
        "殡葬事务",
        "殡仪馆火化要排几天队|公墓一个格子多少钱|骨灰寄存到期怎么续|村里不让土葬往哪里埋|灵车半路加价|公墓管理费年年涨"
        "|老人去世火化补贴怎么领|清明上坟公墓几点开门|墓碑字刻错了公墓不给改|殡仪馆告别厅怎么订",
        "火化要排多久的队|公墓的管理费又涨了|骨灰寄存怎么续期|殡仪馆的告别厅要提前订吗|公墓清明几点开门"
        "|火化补贴在哪里领|墓碑刻错字谁负责|灵车乱加价|不让土葬那埋到哪里|买公墓格子要多少钱",
    ),
    "12345-33": (
        "古茶树保护",
        "村口几百年的茶王被人剥皮了|有人偷砍山上老茶|挂牌的老茶叶树枯了没人看|外地人来收古茶把树砍了枝|古茶园里能不能盖房"
        "|给老茶树打药的人是谁|茶王树旁边修路伤了根|老茶园的围栏倒了|游客爬到古茶上拍照|古茶普查怎么没登记我家的",
        "茶王被外地人砍了枝|山上的老茶叶树被偷砍|挂牌的古茶枯了|古茶园围栏倒了没人修|修路把老茶的根伤了"
        "|我家古茶没登记普查|游客爬茶王拍照|有人给古茶打药|古茶园能盖房吗|老茶树皮被剥了",
    ),
}


def pack(*, examples):
    city = load(shipped()["chuxiong_2022"])
    kinds = tuple(
        Kind(code, "12345", title, HERE, (Item(f"{code}.1", code, title, HERE),))
        for code, (title, _, _) in TOLD.items()
    )
    more = (
        tuple(Example(t, code, "12345") for code, (_, told, _) in TOLD.items() for t in told.split("|"))
        if examples
        else ()
    )
    return replace(city, kinds=city.kinds + kinds, examples=city.examples + more, digest=f"new{examples}")


def found(city):
    said = [(code, text) for code, (_, _, held) in TOLD.items() for text in held.split("|")]
    return sum(read(text, city, letters=True).kinds[0][0].split(".")[0] == code for code, text in said) / len(said)


def test_a_kind_with_ten_examples_is_found_twenty_points_more_often_than_by_its_title():
    by_title, by_examples = found(pack(examples=False)), found(pack(examples=True))
    assert by_examples >= by_title + 0.2, (by_title, by_examples)
    assert by_examples >= 0.7


def test_a_new_kind_takes_nothing_from_the_others():
    city = pack(examples=True)
    for text in ("路灯坏了一个月没人修", "我们小区停水两天了", "有人在楼下打架"):
        assert not read(text, city, letters=True).kinds[0][0].startswith("12345-3")
