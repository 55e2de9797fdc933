"""Every page of people who are signed in hears of what it shows: by a script of its own, or kept as things are now. Whoever
adds a page says what wakes it, or here why nothing does. tests/web/test_role_matrix.py asks for all of them."""

import re

from liandong.web import tickets

OWN = ("desk.js", "threeway.js", "unit.js", "duty.js", "floor.js", "wall.js", "telephone.js")
STILL = {
    "article_new": "an empty form",
    "duty_call": "an empty form",
    "letters": "an empty form",
    "imports": "a form, and the report of what one did oneself",
    "pack_comparison": "what was asked for, reckoned once",
    "sealed": "each look is an act with a reason",
    "phone": "the demo's own telephone: it asks about its one call",
}
"""Pages on which only the line at the top is live, and why that is enough."""
PIECE = re.compile(r"<[a-z]+\b[^>]*\bdata-(?:kept|stands|entry|held)\b[^>]*>")


def topics(text: str) -> set[str]:
    """What wakes a page, but for the marks at its top."""
    told = tickets.read(re.search(r'data-ticket="([^"]*)"', text)[1])
    return {topic for topic in told or () if not topic.startswith("marks:")}


def faults(name: str, who: str, text: str) -> list[str]:
    """What keeps this page from being live; nothing for what is no page of people who are signed in."""
    if not text.startswith("<!doctype html>") or "data-ticket=" not in text or name in STILL:
        return []
    out = [f"a piece that is put anew has no name: {tag[:80]}" for tag in PIECE.findall(text) if " id=" not in tag]
    if (name, who) != ("matters", "administrator") and not topics(text):  # who reads no matter
        out.append("nothing wakes it: show.frame(…, tells=…)")
    if not any(f"/{script}" in text for script in OWN):
        if "/kept.js" not in text or 'id="changes"' not in text:
            out.append("no script keeps it")
        if not re.search(r"data-(?:kept|stands)\b", text):
            out.append("nothing on it is put anew: data-stands or data-kept")
    return [f"{name} as {who}: {one}" for one in out]
