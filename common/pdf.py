"""PDF from our own HTML: our fonts, no network, nothing of the file system but those fonts.

WeasyPrint takes half a second to load, so it is imported when the first PDF is drawn. What is the same for every
document, the fonts and the parsed style sheets, is kept; Pango's fonts are not for two threads at once, so one
document is drawn at a time in a process.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import io
import threading
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from django.conf import settings

FONTS = Path(settings.BASE_DIR) / "static" / "fonts" / "print"
STYLES = Path(settings.BASE_DIR) / "templates" / "pdf"
FACES = [
    ("Bitter", 700, "bitter-700.ttf"),
    ("Atkinson", 400, "atkinson-hyperlegible-next-400.ttf"),
    ("Atkinson", 700, "atkinson-hyperlegible-next-700.ttf"),
]
_one_at_a_time = threading.RLock()


class NotOurs(Exception):
    """A document asked for something that is not one of our font files."""


def font_urls() -> dict[str, Path]:
    """The only addresses a document may open."""
    return {(FONTS / file).as_uri(): FONTS / file for _family, _weight, file in FACES}


@functools.cache
def _fetcher():
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFonts(URLFetcher):
        """Opens the font files by their exact address, refuses everything else and remembers what it refused."""

        refused: list[str] = []

        def fetch(self, url, headers=None):
            path = font_urls().get(url)
            if path is None:
                self.refused.append(url)
                raise NotOurs(f"A PDF may not open {url}.")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})

    return OurFonts()


@functools.cache
def _font_configuration():
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_let_go)
    return FontConfiguration()


def _let_go() -> None:
    """Pango's fonts must go before the interpreter does."""
    _style_sheets.cache_clear()
    _font_configuration.cache_clear()


@functools.cache
def _style_sheets(name: str) -> list:
    """The faces and templates/pdf/<name>.css, parsed once in a process."""
    from weasyprint import CSS

    faces = "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{(FONTS / file).as_uri()}"); }}'
        for family, weight, file in FACES
    )
    text = (STYLES / f"{name}.css").read_text(encoding="utf-8")
    return [CSS(string=faces + text, url_fetcher=_fetcher(), font_config=_font_configuration())]


@contextlib.contextmanager
def one_at_a_time():
    """For whoever asks Pango something beside a layout."""
    with _one_at_a_time:
        yield


@contextlib.contextmanager
def _garbage_waits():
    """No search for garbage while boxes are made by the ten thousand: it finds none and takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def lay_out(html: str, *, style: str):
    """The pages of a document in memory (weasyprint.Document). `style`: the name of a file in templates/pdf/.

    Raises NotOurs where the document asks for anything but our fonts.
    """
    from weasyprint import HTML

    with _one_at_a_time, _garbage_waits():
        fetcher = _fetcher()
        fetcher.refused.clear()
        source = HTML(string=html, url_fetcher=fetcher)
        document = source.render(stylesheets=_style_sheets(style), font_config=_font_configuration())
        if fetcher.refused:  # WeasyPrint goes on without an image that it could not open
            raise NotOurs(f"A PDF may not open {', '.join(fetcher.refused)}.")
        return document


@functools.cache
def _srgb() -> bytes:
    """The colour profile that comes with WeasyPrint, which would open it anew for each file and not close it."""
    return (resources.files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()


def write(document, *, identifier: bytes, finisher: Callable | None = None, to_keep: bool = False) -> bytes:
    """The laid-out document as a tagged PDF (PDF/UA-1). The same document and identifier give the same bytes.

    `to_keep`: as PDF/A-3a instead, with the meaning of its colours; the finisher writes PDF/UA into the metadata.
    """
    from weasyprint.css import ColorProfile

    variant = {"pdf_variant": "pdf/ua-1"}
    if to_keep:
        variant = {"pdf_variant": "pdf/a-3a", "output_intent": "ours"}
        intent = ColorProfile(io.BytesIO(_srgb()), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))
        document.color_profiles["ours"] = intent
    with _one_at_a_time, _garbage_waits():
        return document.write_pdf(pdf_identifier=identifier, finisher=finisher, **variant)


def page_objects(html: str, *, style: str) -> list[bytes]:
    """A document as the numbered objects of its PDF, without catalogue, list of pages and information."""
    document, kept = lay_out(html, style=style), []

    def keep(_document, made) -> None:
        kept.append(made)

    with _one_at_a_time, _garbage_waits():
        document.write_pdf(finisher=keep, pdf_identifier=b"page")
    made = kept[0]
    left_out = {made.catalog.number, made.pages.number, made.info.number}
    return [found.indirect for found in made.objects if found.free != "f" and found.number not in left_out]
