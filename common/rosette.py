"""A society's rosette: guilloche, as on banknotes and share certificates, computed from its register number.

Each society has its own, always the same, so that members come to know it and a forged certificate has to get it
right. Guilloche is a pen that runs round a circle while it swings in and out. Three kinds are laid over each other: a
weave (one line drawn several times, each turned a little), a scallop (one line that closes only after several turns,
its swing growing and shrinking) and petals (a sheaf of lines that share their nodes and differ in swing).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import cos, gcd, pi, sin

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

MOST_LOBES = 130  # in one line, so that no rosette passes 5 KB once compressed


class Dice:
    """Choices that follow from a text alone; the n-th choice is the same on every machine."""

    def __init__(self, text: str):
        self.bytes = iter(blake2b(text.encode(), digest_size=64).digest())

    def among(self, *options):
        return options[next(self.bytes) % len(options)]

    def between(self, low: int, high: int) -> int:
        return low + next(self.bytes) * (high - low) // 255


@dataclass(frozen=True)
class Line:
    """A closed line round the centre, drawn `copies` times, each turned a little further.

    r = radius + ripple · cos(order · angle) + (depth + swell · cos(order · angle)) · cos(lobes / turns · angle + phase)
    """

    radius: float
    depth: float
    lobes: int
    turns: int = 1
    copies: int = 1
    order: int = 0
    ripple: float = 0.0
    swell: float = 0.0
    phase: float = 0.0

    def at(self, angle: float) -> tuple[float, float, float, float]:
        """The pen's place and its speed."""
        pace = self.lobes / self.turns
        wave, slope = cos(self.order * angle), -self.order * sin(self.order * angle)
        reach, x = self.depth + self.swell * wave, pace * angle + self.phase
        r = self.radius + self.ripple * wave + reach * cos(x)
        out = self.ripple * slope + self.swell * slope * cos(x) - reach * pace * sin(x)
        return r * cos(angle), r * sin(angle), out * cos(angle) - r * sin(angle), out * sin(angle) + r * cos(angle)

    def path(self) -> str:
        """The line as smooth cubic curves in whole units, three or four to a lobe."""
        steps = self.lobes * (4 if self.lobes < 20 * self.turns else 3)
        stride = 2 * pi * self.turns / steps
        px, py, vx, vy = self.at(0)
        x, y = round(px), round(py)
        parts = [f"M{x} {y}c{_pair(vx * stride / 3, vy * stride / 3)}"]
        for step in range(1, steps + 1):
            px, py, vx, vy = self.at(step * stride)
            bend = _pair(px - vx * stride / 3 - x, py - vy * stride / 3 - y)
            parts.append(("" if step == 1 else "s") + bend + _glue(_pair(px - x, py - y)))
            x, y = round(px), round(py)
        parts[1] = _glue(parts[1])
        return "".join(parts)

    def drawn(self) -> str:
        """All copies. The repeated path costs next to nothing once the page is compressed."""
        path, step = self.path(), 360 / self.lobes / self.copies
        turned = (f' transform="rotate({step * copy:.3g})"' if copy else "" for copy in range(self.copies))
        return "".join(f'<path d="{path}z"{turn}/>' for turn in turned)


def _pair(x: float, y: float) -> str:
    return f"{round(x)}{_glue(str(round(y)))}"


def _glue(number: str) -> str:
    """A minus sign parts two numbers by itself; anything else needs a space."""
    return number if number.startswith("-") else f" {number}"


def weave(inner: float, outer: float, lobes: int, copies: int) -> Line:
    """A lattice between two circles."""
    return Line((inner + outer) / 2, (outer - inner) / 2, lobes, copies=copies)


def scallop(dice: Dice, inner: float, outer: float, order: int, turns: int) -> Line:
    """A band of lace whose edges swell and shrink `order` times round."""
    middle, reach = (inner + outer) / 2, (outer - inner) / 2
    lobes = min(order * dice.between(5, 8) * turns // 2, MOST_LOBES) + 1
    while gcd(lobes, turns) > 1:
        lobes += 1
    ripple, swell = reach * dice.between(10, 34) / 100, reach * dice.between(20, 36) / 100 * dice.among(1, -1)
    depth = reach - ripple - abs(swell)
    return Line(middle, depth, lobes, turns, 1, order, ripple, swell, dice.between(0, 255) / 40)


def petals(inner: float, outer: float, lobes: int, sheaf: int, copies: int) -> list[Line]:
    """A sheaf of lines that share their nodes, from nearly a circle to a full swing."""
    middle, reach = (inner + outer) / 2, (outer - inner) / 2
    return [Line(middle, reach * (line + 1) / sheaf, lobes, copies=copies) for line in range(sheaf)]


def lines_of(register_number: str, size: int) -> list[Line]:
    """The lines of a society's rosette, fewer where it is shown small."""
    dice = Dice(register_number)
    order = dice.between(7, 13)
    body, heart = dice.between(270, 310), dice.between(105, 150)
    if size <= 72:
        lace = scallop(dice, body - 70, 485, order, 2)
        return [lace, weave(heart - 30, body - 20, order * 2 + dice.between(0, 7), 2)]
    fine = size > 200
    return [
        weave(438, 492, dice.between(40, 56), 4 if fine else 3),
        scallop(dice, body - 40, 432, order, dice.among(4, 5) if fine else 3),
        weave(heart, body, order * 2 + dice.between(0, 7), dice.among(5, 6, 7) if fine else 3),
        *petals(dice.between(20, 40), heart + dice.between(10, 60), order, dice.among(3, 4), 2),
    ]


@lru_cache(maxsize=256)
def rosette_svg(register_number: str, *, size: int, colour: str = "currentColor") -> SafeString:
    """The rosette as inline SVG, `size` pixels wide: an ornament, which screen readers pass by.

    The same number gives the same lines on every machine; above 200 pixels there are more of them. It has no ids, so
    that a page may show it twice, and no style attributes, which our Content-Security-Policy forbids.
    """
    pen = max(1.5, min(13, 620 / size))
    drawn = mark_safe("".join(line.drawn() for line in lines_of(register_number.strip().upper(), size)))
    return format_html(
        '<svg class="rosette" width="{0}" height="{0}" viewBox="-500 -500 1000 1000" aria-hidden="true"'
        ' focusable="false" fill="none" stroke="{1}" stroke-width="{2}">{3}</svg>',
        size,
        colour,
        f"{pen:.3g}",
        drawn,
    )
