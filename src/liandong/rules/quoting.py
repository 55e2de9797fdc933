"""A clause is quoted by the part of its sentence that holds the words in question: a desk reads one line, not a paragraph."""

import re

MOST = 45
"""Characters of a quotation, more only for words that are longer themselves; what is left out is marked."""
CUT = "……"
_STOPS = re.compile(r"[。，,；;：:！!？?\n]")


def clause_at(text: str, start: int, end: int, most: int = 24) -> str:
    """The clause of what was said in which `text[start:end]` stands; of a long one `most` characters around those."""
    before = max((m.end() for m in _STOPS.finditer(text, 0, start)), default=0)
    after = _STOPS.search(text, end)
    clause = text[before : after.start() if after else len(text)].strip()
    if len(clause) <= most:
        return clause
    first = max(0, min(text[before:].index(clause) + start - before - 4, len(clause) - most))
    last = first + max(most, end - start)
    return ("…" if first else "") + clause[first:last] + ("…" if last < len(clause) else "")


def sentence_of(quote: str, words: str, most: int = MOST) -> str:
    """The part of `quote` between ； or ： that holds `words`, or shares most with them; "" of nothing. Of a long part the
    clause with the words and its last one, which says what is to be done."""
    parts = [part for part in quote.replace("：", "；").rstrip("。").split("；") if part]
    if not parts:
        return ""
    most = max(most, len(words))
    told = _nearest(parts[1:] if "：" in quote and len(parts) > 1 else parts, words)
    if len(told) <= most:
        return told
    clauses = told.split("，")
    n, end = _spanned(clauses, words)
    held, first = "，".join(clauses[n:end]), CUT if n else ""
    last = f"{CUT}{clauses[-1]}" if end < len(clauses) else ""
    if len(first + held + last) <= most:
        return first + held + last
    return first + _around(held, words, most) + (CUT if last else "")


def _spanned(clauses: list[str], words: str) -> tuple[int, int]:
    """From which clause to before which one the words stand; they may hold a comma themselves."""
    for n in range(len(clauses)):
        for end in range(n + 1, len(clauses) + 1):
            if words in "，".join(clauses[n:end]) and words not in "，".join(clauses[n + 1 : end]):
                return n, end
    n = clauses.index(_nearest(clauses, words))
    return n, n + 1


def _nearest(parts: list[str], words: str) -> str:
    """The part with the words, else the one that shares most pairs of characters with them."""
    pairs = {words[n : n + 2] for n in range(len(words) - 1)}
    return max(parts, key=lambda part: (words in part, sum(pair in part for pair in pairs)))


def _around(clause: str, words: str, most: int) -> str:
    """As many of the things a clause lists, from the words on, as there is room for; before them what is listed there."""
    if len(clause) <= most:
        return clause
    listed = clause.split("、")
    n = listed.index(_nearest(listed, words))
    first = last = n
    while True:
        grown = [(a, b) for a, b in ((first, last + 1), (first - 1, last)) if a >= 0 and b < len(listed)]
        fits = [(a, b) for a, b in grown if len("、".join(listed[a : b + 1])) <= most]
        if not fits:
            break
        first, last = fits[0]
    return (CUT if first else "") + "、".join(listed[first : last + 1]) + (CUT if last < len(listed) - 1 else "")
