"""Words of the administrator's pages and of the door."""

from django.utils.translation import gettext

from liandong.words.filling import say
from liandong.words.told import Told

KEPT = "写的都在。"

COURSE: dict[str, Told] = {
    "person.added": Told("person", "加人", "工号 {of}"),
    "person.changed": Told("pen", "改人", "工号 {of}"),
    "person.deactivated": Told("bounce", "停用账号", "工号 {of}"),
    "person.activated": Told("tick", "启用账号", "工号 {of}"),
    "person.password_reset": Told("keep", "发初始密码", "工号 {of}"),
    "post.given": Told("tick", "给岗位", "{place}"),
    "post.ended": Told("bounce", "收岗位", "{place}"),
    "seat.added": Told("phone", "加席位", "{number} 席"),
    "seat.changed": Told("pen", "改席位", "{number} 席"),
    "unit.changed": Told("building", "改单位联系人"),
    "key.made": Told("chain", "发系统钥匙", "{named}"),
    "key.rotated": Told("chain", "换系统钥匙", "{named}"),
    "key.revoked": Told("broken", "收系统钥匙", "{named}"),
    "webhook.made": Told("chain", "登记推送地址", "{named}"),
    "webhook.changed": Told("pen", "改推送地址", "{named}"),
    "webhook.secret_rotated": Told("chain", "换推送密钥", "{named}"),
    "webhook.replayed": Told("send", "从头推送", "{named}"),
    "webhook.paused": Told("wait", "推送停下", "{named}", "bounced"),
    "webhook.resumed": Told("tick", "推送接着发", "{named}"),
    "webhook.ended": Told("broken", "取消推送", "{named}"),
    "webhook.retried": Told("send", "推送再发", "{named}"),
    "webhook.given_up": Told("over", "推送不再发", "{named}", "bounced"),
    "partner.added": Told("chain", "登记对方节点", "{named}"),
    "partner.key_shared": Told("chain", "换共用密钥", "{node} {named}"),
    "pack.drafted": Told("tray", "清单待启用", "{pack} {version}"),
    "pack.dropped": Told("bounce", "丢掉清单草稿", "{pack} {version}"),
    "pack.withdrawn": Told("bounce", "撤回清单", "{pack} {version}"),
    "pack.settled": Told("tick", "台席单位换新", "{pack} {version}"),
    "sign_in.opened": Told("person", "登录"),
    "sign_in.closed": Told("hangup", "退出"),
    "sign_in.locked": Told("over", "密码错太多，锁住", "{minutes} 分钟"),
    "sign_in.password_changed": Told("keep", "改密码"),
    "sign_in.factor_changed": Told("shield", "改二次验证"),
    "sign_in.factor_cleared": Told("shield", "清除二次验证"),
    "sign_in.ended_everywhere": Told("hangup", "各处都退出"),
}

FAULTS: dict[str, tuple[str, str, str]] = {
    "invalid.node": ("节点名字不对。", "没有登记。", "用小写字母、数字、点和短横。"),
    "invalid.partner_url": ("地址要用 https。", "没有登记。", "写对方给的完整地址。"),
    "invalid.partner_key": ("密钥的名字不对。", "没有存。", "用字母、数字、点和短横。"),
    "invalid.partner_secret": ("密钥太短。", "没有存。", "向对方要 32 个字符以上的。"),
    "conflict.partner_known": ("这个节点登记过了。", "没有再登记。", "用 status 看。"),
    "conflict.partner_key_known": ("这把密钥已经有了。", "没有再存。", "换一个名字。"),
    "forbidden.administrator": ("这一步归管理员做。", "没有改动。", "请你们的管理员来做。"),
    "forbidden.own_post": ("自己不能给自己加岗位。", "没有改动。", "请另一位管理员来加。"),
    "forbidden.own_account": ("自己的账号不能在这里动。", "没有改动。", "改密码在“更多”里。"),
    "forbidden.person_elsewhere": ("这个人在别处也有岗位。", "没有改动。", "请那边的管理员一起办。"),
    "conflict.last_administrator": ("这是最后一位管理员。", "没有改动，还能进来。", "先加一位，再收这一位。"),
    "conflict.person_switched": ("别人刚改过这个账号。", "没有再改。", "刷新再看。"),
    "conflict.no_factor": ("他没开二次验证。", "没有改动。", "刷新再看。"),
    "conflict.post_ended": ("这个岗位已经收了。", "没有再改。", "刷新再看。"),
    "conflict.post_held": ("这个岗位已经有了。", "没有重复加。", "选别的岗位或单位。"),
    "conflict.key_over": ("钥匙已收、已换或到期。", "没有换。", "要用，发一把新的。"),
    "conflict.key_revoked": ("这把钥匙已经收了。", "没有再改。", "刷新再看。"),
    "conflict.shown_once": ("刚才已经办好，只显示一次。", "密码或钥匙不再显示。", "没抄下就重发一次。"),
    "conflict.pack_known": ("{version} 这一版已经在了。", "没有再存。", "改了内容再上传。"),
    "conflict.pack_day": ("那一天已有 {version} 要启用。", KEPT, "换一天，或先撤回那一版。"),
    "conflict.pack_not_compared": ("没跟那天要换下的 {version} 比过。", "没有启用。", "原来选 {version}，比过再启用。"),
    "conflict.pack_in_force": ("这一版已经用上，或已撤回。", "没有改动。", "要停用，启用新的一版。"),
    "conflict.seat_out_of_service": ("{seat} 席停用了。", "你还没有上席。", "换一席，或问管理员。"),
    "invalid.username": ("用户名只用小写字母和数字。", KEPT, "字母开头，2 到 30 个字。"),
    "invalid.username_taken": ("这个用户名有人用了。", KEPT, "换一个再按。"),
    "invalid.work_no": ("工号只用大写字母和数字。", KEPT, "2 到 12 个字。"),
    "invalid.work_no_taken": ("工号 {value} 有人用了。", KEPT, "核对工号再按。"),
    "invalid.role": ("没有这种岗位。", KEPT, "从列出的岗位里选。"),
    "invalid.post_desk": ("这个岗位要选对应的台。", KEPT, "从列出的台里选。"),
    "invalid.post_unit": ("经办要选一个承办单位。", KEPT, "从列出的单位里选。"),
    "invalid.seat_number": ("席号只用字母和数字。", KEPT, "最多 6 个字。"),
    "invalid.seat_number_taken": ("这个台已有 {value} 席。", KEPT, "换一个席号。"),
    "invalid.extension": ("分机号只能是数字。", KEPT, "2 到 12 位。"),
    "invalid.skills": ("技能写得太多。", KEPT, "最多 {most} 项。"),
    "invalid.unit_phone": ("没有系统的单位要有电话。", KEPT, "写上联系电话。"),
    "invalid.scopes": ("没选这把钥匙能做什么。", KEPT, "至少勾一项。"),
    "invalid.key_place": ("要选替哪个台或单位。", KEPT, "按勾的选；没勾的不选。"),
    "invalid.key_end": ("钥匙的到期日不对。", KEPT, "选明天到一年以内。"),
    "invalid.day": ("没看懂写的日期。", KEPT, "选一个日期再按。"),
    "invalid.figure": ("这里要写一个整数。", KEPT, "改成数字再按。"),
    "invalid.pack_day": ("启用的日子已经过了。", KEPT, "选今天或以后。"),
    "invalid.no_files": ("没有选文件。", "没有上传。", "选清单文件或压缩包。"),
    "invalid.limit_amount": ("时限的数不对。", KEPT, "写 1 到 10000。"),
    "invalid.limit_unit": ("时限的单位不对。", KEPT, "从列出的里选。"),
    "invalid.limit_key": ("清单里没有这个时限。", KEPT, "从列出的里选。"),
    "invalid.clause": ("没写依据。", KEPT, "写上文件和条款。"),
    "invalid.version": ("版本号要跟现在的不同。", KEPT, "写一个新的版本号。"),
}

SCOPES: dict[str, str] = {
    "triage": "读文字，给判断",
    "matters.write": "送事项进来",
    "matters.read": "查自己送的事项",
    "matters.city": "查所有事项的概要",
    "events": "读经过",
    "webhooks": "收推送",
    "transfers": "替一个台转接",
    "conferences": "替一个台约三方",
    "orders": "替一个单位办工单",
    "dispatches": "替 110 报警情进展",
    "exchange": "平台间交接",
    "statistics": "读统计",
    "transcripts": "送听写",
    "directory": "读名录",
}

HOOK_STATES: dict[str, str] = {"on": "在推送", "paused": "停着", "ended": "已取消"}
_HOOK_CAUSES: dict[str, str] = {
    "unreached": "连不上",
    "address": "这个地址不许发",
    "own_key": "本机密钥打不开",
    "fault": "本机出了差错",
    "gone": "对方不要了",
    "key": "钥匙到期",
    "failing": "三天都没收",
    "asked": "管理员停的",
}

_HOOK_ANSWERS: dict[str, str] = {
    "400": "对方看不懂内容",
    "401": "对方不让进",
    "403": "对方不让进",
    "404": "对方没有这个地址",
    "413": "对方嫌内容太大",
    "422": "对方不认内容",
    "429": "对方说发得太勤",
}


def hook_cause(reason: str) -> str:
    """Why a webhook's system took nothing; what it answered with stays beside it, for its own people."""
    status = reason.removeprefix("http_")
    if status == reason:
        return gettext(_HOOK_CAUSES[reason]) if reason in _HOOK_CAUSES else reason
    what = _HOOK_ANSWERS.get(status, "对方的系统出了差错" if status.startswith("5") else "对方没收")
    return say("{what}（回答 {status}）", what=gettext(what), status=status)


_FAMILIES: dict[str, str] = {
    "*": "全部经过",
    "matter.*": "事项的经过",
    "transfer.*": "转接的经过",
    "order.*": "工单的经过",
    "designation.*": "指定的经过",
    "conference.*": "三方通话的经过",
}


def happenings(kind: str) -> str:
    """A family of kinds of Events; "" for a single kind."""
    return gettext(_FAMILIES[kind]) if kind in _FAMILIES else ""


VERSIONS: dict[str, str] = {
    "in_force": "现在用着",
    "planned": "到日子启用",
    "past": "以前用过",
    "withdrawn": "撤回了",
    "draft": "还没启用",
}

CHANGES: dict[str, str] = {"added": "新增", "changed": "改动", "removed": "去掉"}

COLUMNS: dict[str, str] = {
    "platform": "受理平台", "title": "名称", "name": "名称", "short": "简称", "text": "文字", "words": "近义说法",
    "kind": "类别", "unit": "单位", "limit": "答复时限", "danger": "险情", "amount": "数", "clock": "算法",
    "clause": "依据", "district": "县区", "level": "层级", "also": "同时叫", "utility": "水电气热",
    "about_police": "涉警投诉", "after_first_handling": "先期处置后再转", "hours": "时间", "area": "片区",
    "successor": "并入", "scope": "受理内容", "number": "编号", "body": "名录机构", "kinds": "负责类别",
    "townships": "乡镇", "township_codes": "乡镇代码", "value": "做法", "means": "意思", "urgent": "险情",
    "hotline": "引导号码", "lead_department": "牵头部门", "person_in_charge": "负责人", "linkage_person": "联络人",
    "code": "代码", "key": "名目",
}  # fmt: skip

LIMITS: dict[str, str] = {
    "remind.again.sheet": "通报单没打、没回音，隔多久再提醒",
    "remind.again.sheet.danger": "有险情的通报单没打、没回音，隔多久再提醒",
    "remind.again.order.danger": "有险情的工单没签收，隔多久再提醒",
    "remind.again.order.utility": "水电气热的工单没签收，隔多久再提醒",
    "remind.again.matter.danger": "有险情的事项没处理，隔多久再提醒",
    "remind.again.matter.utility": "水电气热的事项没处理，隔多久再提醒",
    "offer.ring_danger": "有险情，转接后对方多久没接算没接",
    "sheet.tell": "电话通报单，写好多久要打出去",
    "sheet.tell.duty": "险情报总值班室，屏上多久要有人看",
    "sheet.confirm": "电话通报单，打出去多久要有回音",
    "sheet.reconcile": "电话通报单，有回音后多久要核对",
    "sheet.tell.danger": "有险情的通报单，写好多久要打出去",
    "sheet.confirm.danger": "有险情的通报单，打出去多久要有回音",
    "nuisance.approve": "骚扰登记，多久没人批算不批",
    "nuisance.last": "骚扰登记，一次最长登记多久",
}
"""Where a pack says one thing over several limits."""
LIMIT_GROUPS: dict[str, tuple[str, ...]] = {
    "险情和派警": ("danger", "demand", "dispatch"),
    "接听和首接": ("answer", "callback", "seat", "matter", "joining"),
    "转接和三方": ("offer", "conference", "designation"),
    "工单": ("order", "extension", "assistance"),
    "电话通报单": ("sheet",),
    "催办和再报": ("remind",),
    "答复和回访": ("reply", "follow_up", "delivery"),
}
"""The groups of the long list by what stands before the first point of a key; what is in none is in OTHER_LIMITS."""
OTHER_LIMITS = "其他"

LIMIT_UNITS: dict[str, str] = {"second": "秒", "minute": "分钟", "hour": "小时", "day": "天"}
CLOCKS: dict[str, str] = {"natural": "昼夜连续", "working": "工作日"}
GRADES: dict[str, str] = {"notice": "文件原文", "published": "公开规定", "project-default": "暂定"}
