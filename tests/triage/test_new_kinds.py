"""A new city's kinds work from its pack alone: with ten examples far more is found than by the title."""

from dataclasses import replace

from liandong.packs.load import load, shipped
from liandong.rules.pack import Example, Item, Kind, Source
from liandong.triage import read

HERE = Source("本市补充清单")
EXAMPLES = {  # kind: (title, what the city wrote into its pack)
    "12345-31": (
        "低空飞行管理",
        "窗外老有小飞机嗡嗡地拍|隔壁天天放航模飞到我家院子|有人用遥控飞机偷看我家阳台|公园上面好多无人机太吵了|送货的飞行器总从屋顶过"
        "|无人机挂在我家树上了谁来取|放飞无人机要不要备案|小飞机掉下来砸坏晾衣架|航拍的人天天对着我们楼|学校上空有飞机模型乱飞",
    ),
    "12345-32": (
        "殡葬事务",
        "殡仪馆火化要排几天队|公墓一个格子多少钱|骨灰寄存到期怎么续|村里不让土葬往哪里埋|灵车半路加价|公墓管理费年年涨"
        "|老人去世火化补贴怎么领|清明上坟公墓几点开门|墓碑字刻错了公墓不给改|殡仪馆告别厅怎么订",
    ),
    "12345-33": (
        "古茶树保护",
        "村口几百年的茶王被人剥皮了|有人偷砍山上老茶|挂牌的老茶叶树枯了没人看|外地人来收古茶把树砍了枝|古茶园里能不能盖房"
        "|给老茶树打药的人是谁|茶王树旁边修路伤了根|老茶园的围栏倒了|游客爬到古茶上拍照|古茶普查怎么没登记我家的",
    ),
}
ASKED = {  # what people then say: other scenes, in other words
    "12345-31": "广场那个航拍机飞得贴着人头|果树飞防用的飞机要登记吗|半夜有人放带灯的无人机，一闪一闪|景区里允许航拍吗"
    "|四轴飞行器撞到电线|无人机表演排练到十二点|机场边上有人玩航模|快递无人机起降点挨着幼儿园|会飞的摄像头停在我厨房窗口"
    "|考无人机的证找哪家|保安把孩子的航模收走了|农用无人机把药喷到我家鱼塘",
    "12345-32": "我爷爷刚走，后事找谁办|墓地说好双穴，只给了单的|骨灰盒可以自己带吗|殡仪馆冷柜一天收八百|陵园边的祖坟要迁吗"
    "|守灵厅的空调坏了|想给老人海葬|公墓的路塌了，祭扫上不去|火化证弄丢了补一张|寿衣店的纸钱堆在楼道|坟地被人占去一半"
    "|殡葬一条龙乱收钱",
    "12345-33": "老茶林里来了挖机|那棵八百岁的茶树叶子黄了|古茶根被挖去做盆景|认养的老茶树找不着|古茶树的牌子让人换了"
    "|茶山上放羊啃树皮|采茶的把大树枝踩断|古茶园门口收门票|老茶树生虫，农科的能来看看吗|承包人要砍老茶种新苗"
    "|百年茶树上钉钉子挂灯|古茶地里埋电缆",
}


def pack(*, examples):
    city = load(shipped()["chuxiong_2022"])
    kinds = tuple(
        Kind(code, "12345", title, HERE, (Item(f"{code}.1", code, title, HERE),))
        for code, (title, _) in EXAMPLES.items()
    )
    more = (
        tuple(Example(t, code, "12345") for code, (_, told) in EXAMPLES.items() for t in told.split("|"))
        if examples
        else ()
    )
    return replace(city, kinds=city.kinds + kinds, examples=city.examples + more, digest=f"new{examples}")


def found(city):
    said = [(code, text) for code, held in ASKED.items() for text in held.split("|")]
    return sum(read(text, city, letters=True).kinds[0][0].split(".")[0] == code for code, text in said) / len(said)


def runs(text, length):
    return {text[i : i + length] for i in range(len(text) - length + 1)}


def test_what_people_say_is_none_of_the_examples_said_a_little_otherwise():
    """Else the next test would find sentences, not kinds: no four characters on end of any example, and less than a
    third of the pairs of any one."""
    for code, held in ASKED.items():
        for text in held.split("|"):
            for example in EXAMPLES[code][1].split("|"):
                assert not runs(text, 4) & runs(example, 4), (text, example)
                assert len(runs(text, 2) & runs(example, 2)) < len(runs(text, 2)) / 3, (text, example)


def test_a_kind_with_ten_examples_is_found_twenty_points_more_often_than_by_its_title():
    by_title, by_examples = found(pack(examples=False)), found(pack(examples=True))
    assert by_examples >= by_title + 0.2, (by_title, by_examples)


def test_a_new_kind_takes_nothing_from_the_others():
    city = pack(examples=True)
    for text in ("路灯坏了一个月没人修", "我们小区停水两天了", "有人在楼下打架"):
        assert not read(text, city, letters=True).kinds[0][0].startswith("12345-3")
