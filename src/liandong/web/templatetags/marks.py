"""Marks of what was read, in words that are typed, kept or heard."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from liandong.queries.decision import Reading
from liandong.queries.transcript import Line
from liandong.rules.evidence import Evidence

register = template.Library()


@register.filter
def spans_json(reading: Reading) -> list[list]:
    """The marks of what is typed as the script draws them: start, end, what, number."""
    spans = enumerate(reading.evidence.spans, 1)
    return [[s.start, s.end, s.what, n] for n, s in spans if s.end <= reading.typed]


@register.simple_tag
def marked(text: str, evidence: Evidence) -> SafeString:
    """The text with its marks, for who only reads."""
    out, at = [], 0
    for n, span in enumerate(evidence.spans, 1):
        if span.end > len(text):  # what a recogniser heard is read behind the text
            break
        ref = format_html('<span class="ref{}">{}</span>', " danger" if span.what == "danger" else "", n)
        out += [conditional_escape(text[at : span.start]),
                format_html('<mark class="{}">{}{}</mark>', span.what, text[span.start : span.end], ref)]  # fmt: skip
        at = span.end
    return mark_safe("".join([*out, conditional_escape(text[at:])]))


@register.simple_tag
def marked_line(line: Line) -> SafeString:
    """A line of a transcript with the marks of the reading in it."""
    out, at = [], 0
    for number, what, start, end in line.spans:
        ref = format_html('<span class="ref{}">{}</span>', " danger" if what == "danger" else "", number)
        out += [conditional_escape(line.words[at:start]),
                format_html('<mark class="{}">{}{}</mark>', what, line.words[start:end], ref)]  # fmt: skip
        at = end
    return mark_safe("".join([*out, conditional_escape(line.words[at:])]))


@register.filter
def refs_of(numbers: tuple[int, ...], evidence: Evidence) -> list[tuple[int, bool]]:
    """Reference marks of a reason: (number, is it danger), at most two."""
    return [(i + 1, evidence.spans[i].what == "danger") for i in numbers[:2] if i < len(evidence.spans)]
