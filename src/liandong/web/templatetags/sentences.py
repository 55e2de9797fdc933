"""The tag that the loader puts where Chinese stands in a template. Nobody writes it by hand."""

from django import template
from django.template.base import FilterExpression, Node, Parser, Token, kwarg_re, render_value_in_context
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import unescape_string_literal
from django.utils.translation import gettext

from liandong.words import stops
from liandong.words.filling import filled

register = template.Library()


class Words(Node):
    """One entry of the catalogue in the reader's language, its variables put in and escaped. What stands in a template
    or in the catalogue is markup of ours, as the rest of the template is."""

    def __init__(self, entry: str, values: dict[str, FilterExpression]) -> None:
        self.entry = entry
        self.values = values

    def render(self, context: Context) -> SafeString:
        known = {name: render_value_in_context(value.resolve(context), context) for name, value in self.values.items()}
        return mark_safe(stops.closed(self.entry, filled(gettext(self.entry), known)))


@register.simple_tag
def stop(sign: str) -> SafeString:
    """{% stop "：" %}: a stop that stands between variables, as the reader's language sets it."""
    return mark_safe(stops.stop(sign))


@register.simple_tag
def gap() -> SafeString:
    """{% gap %}: what stands between two sentences."""
    return mark_safe(stops.gap())


@register.tag
def words(parser: Parser, token: Token) -> Words:
    """{% words "{seat} 席" seat=viewer.seat_no %}."""
    _, entry, *pairs = token.split_contents()
    found = (kwarg_re.match(pair) for pair in pairs)
    return Words(unescape_string_literal(entry), {m[1]: parser.compile_filter(m[2]) for m in found if m})
