"""T6: what neither desk takes is guided, with the number, its hours, and who answers now."""

from liandong.records.models import Matter
from tests.browser.hands import KEYBOARD
from tests.cast import PASSWORD

pytestmark = KEYBOARD


def test_a_price_complaint_on_a_saturday_evening_is_guided_to_who_answers_now(night, somebody):
    address, cast = night
    he = somebody(address, "he", "01", password=PASSWORD)
    matter = cast.rings("12345:510400", number="13800011889", place="炳草岗街道", district="510402")
    he.answers()
    he.says("菜场里的菜乱涨价，标价和收钱的价格不一样，想举报价格。")
    he.lit_says("引导")
    for words in ("12358", "下班", "12315"):
        he.sees(words, "#decide")
    he.press("F2")
    he.sees("已归档")
    matter.refresh_from_db()
    assert (matter.state, matter.closing) == ("archived", "redirected")
    assert Matter.objects.get(pk=matter.pk).outcome
