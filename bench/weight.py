"""What a desk loads before it works: all its script and style, compressed as the platform serves them."""

import os
import re

import django

from bench.row import Row

MOST = 300.0
"""Thousand bytes."""
_LOADED = re.compile(rb'<(?:script|link)\b[^>]*?(?:src|href)="/static/([^"?]+\.(?:js|css))"')


def weigh(page: bytes) -> dict[str, int]:
    """Bytes of each script and style sheet that a page names, as gzip (what is served where Brotli is not installed)."""
    from django.contrib.staticfiles import finders
    from whitenoise.compress import Compressor

    compress = Compressor(quiet=True).compress_gzip
    weights = {}
    for name in _LOADED.findall(page):
        with open(finders.find(name.decode()), "rb") as file:
            weights[name.decode()] = len(compress(file.read()))
    return weights


def weight_rows() -> list[Row]:
    """The desk's own page without anybody at it: which files it names is written in its template."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.template.loader import render_to_string
    from django.utils import timezone

    shown = {"viewer": None, "now": timezone.localtime(), "board": None}
    page = render_to_string("desk/desk.html", shown).encode()
    return [Row("script and style of the desk, gzip", sum(weigh(page).values()) / 1000, "kB", MOST)]
