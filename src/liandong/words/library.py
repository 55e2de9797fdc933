"""The knowledge base and the files of a matter: what is refused, and what the course says."""

from liandong.words.told import Told

_KEPT = "没有存，写的字都在。"

FAULTS: dict[str, tuple[str, str, str]] = {
    "conflict.article_changed": ("别人先改了这一条。", _KEPT, "另开一页看新的，再改。"),
    "conflict.article_withdrawn": ("这一条已经撤下。", _KEPT, "要用，另写一条。"),
    "forbidden.article": ("这一条不归你改。", _KEPT, "请归口单位或值班长改。"),
    "invalid.article_document_on": ("文件日期还没到。", _KEPT, "改成文件上的日期。"),
    "invalid.article_grade": ("没有这种出处。", _KEPT, "刷新这一页再存。"),
    "invalid.article_owner": ("没选归谁管，或已撤并。", _KEPT, "从列出的里选一个。"),
    "invalid.article_review": ("复核日期不对。", _KEPT, "选明天起 {most} 年以内的一天。"),
    "invalid.article_words": ("别名太多，或太长。", _KEPT, "最多 {most} 个，各 20 字以内。"),
}

_NOT = "没有存，别的文件不受影响。"
FAULTS |= {
    "conflict.open_sign": ("字里还有险情的苗头。", "没有结束，字都在。", "按 F1 报险情，或先记下再看。"),
    "conflict.evidence_closed": ("这里已经办完，不收材料。", _NOT, "要补，先重开或找经办的台。"),
    "conflict.evidence_full": ("材料已有 {most} 份。", _NOT, "删掉用不着的再传。"),
    "conflict.evidence_gone": ("这份材料已经不在了。", "没有打开。", "看“经过”里是怎么没的。"),
    "conflict.evidence_twice": ("这份已经传过了。", _NOT, "看看列表里是不是它。"),
    "forbidden.evidence_removal": ("这份不是你传的。", "没有删。", "请传的人或值班长来删。"),
    "invalid.evidence_bomb": ("文件解开后大得不正常。", _NOT, "截图，或另存成 PDF 再传。"),
    "invalid.evidence_broken": ("文件坏了，或没传完整。", _NOT, "打开看看，重拍或另存再传。"),
    "invalid.evidence_empty": ("文件是空的。", _NOT, "换一个有内容的文件。"),
    "invalid.evidence_kind": ("这种文件不收。", _NOT, "照片、录音、PDF 可以。"),
    "invalid.evidence_large": ("文件超过 {most} 兆。", _NOT, "缩小、截一段，或分几份传。"),
    "invalid.evidence_macros": ("文档里有宏。", _NOT, "另存成 PDF 再传。"),
    "invalid.evidence_missing": ("还没选文件。", _NOT, "选好或拍好再传。"),
    "invalid.evidence_old_office": ("老格式的文档不收。", _NOT, "另存成 PDF 再传。"),
    "invalid.evidence_svg": ("这种图能藏程序，不收。", _NOT, "截成照片再传。"),
    "invalid.evidence_video": ("录像不收。", _NOT, "截几张照片，或只传录音。"),
    "invalid.evidence_zip": ("压缩包不收。", _NOT, "解开，一份一份传。"),
    "invalid.upload_large": ("传来的东西太大。", "没有收下。", "缩小再传。"),
}

COURSE: dict[str, Told] = {
    "article.written": Told("pen", "写知识"),
    "article.changed": Told("pen", "改知识"),
    "article.confirmed": Told("tick", "知识复核过"),
    "evidence.added": Told("order", "加材料", "{sort_word}"),
    "evidence.opened": Told("seen", "看材料", "{sort_word}"),
    "evidence.removed": Told("bounce", "删材料", "{why}"),
    "evidence.expired": Told("wait", "材料到期删去", "{sort_word}"),
    "article.withdrawn": Told("bounce", "撤下知识", "{why}"),
}

SORTS = {
    "jpeg": "照片", "png": "图片", "webp": "图片", "heic": "照片", "pdf": "PDF", "mp3": "录音", "m4a": "录音", "wav": "录音",
    "amr": "录音", "ogg": "录音", "docx": "文档", "xlsx": "表格",
}  # fmt: skip
GONE = {"removed": "已删", "erased": "依法删去", "expired": "到期删去"}
