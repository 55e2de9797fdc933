"""Why a matter is proposed as a repeat: one fact each."""

SENTENCES: dict[str, str] = {
    "repeat.number": "同一个号码，三天内打过",
    "repeat.redialled": "同一个号码，刚打过",
    "repeat.same_number": "同一个号码打过",
    "repeat.same_place": "就在这个地点",
    "repeat.place": "同一个地方：{place}",
    "repeat.district": "同一个县区",
    "repeat.words": "说的是差不多的事",
}
