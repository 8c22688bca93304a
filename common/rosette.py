"""A society's rosette: guilloche, as on banknotes and share certificates, computed from its register number.

Each society has its own, always the same, so that members come to know it and a forged certificate has to get it right.
Guilloche is a pen that runs round a circle while it swings in and out. Two kinds are laid over each other: a weave (one
line that closes only after several turns) and a petal (a sheaf of lines that share their nodes and differ in swing).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from math import cos, gcd, pi, sin

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

UNIT = 500  # half the side of the view box


class Dice:
    """Choices that follow from a text alone; the n-th choice is the same on every machine."""

    def __init__(self, text: str):
        self.bytes = iter(blake2b(text.encode(), digest_size=64).digest())

    def among(self, *options):
        return options[next(self.bytes) % len(options)]

    def between(self, low: int, high: int) -> int:
        return low + next(self.bytes) * (high - low) // 255


@dataclass(frozen=True)
class Swing:
    """A line round the centre: r = radius + depth · (cos x + second · cos 2x), where x runs `lobes` times in `turns`."""

    radius: float
    depth: float
    lobes: int
    turns: int = 1
    phase: float = 0.0
    second: float = 0.0

    def at(self, angle: float) -> tuple[float, float, float, float]:
        """The pen's place and its speed."""
        pace = self.lobes / self.turns
        x = pace * angle + self.phase
        scale = self.depth / (1 + abs(self.second))
        r = self.radius + scale * (cos(x) + self.second * cos(2 * x))
        out = -scale * pace * (sin(x) + 2 * self.second * sin(2 * x))
        return r * cos(angle), r * sin(angle), out * cos(angle) - r * sin(angle), out * sin(angle) + r * cos(angle)

    def path(self) -> str:
        """The line as smooth cubic curves in whole units, four to a lobe."""
        steps = self.lobes * (4 if self.second or self.lobes < 8 * self.turns else 3)
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


def _pair(x: float, y: float) -> str:
    return f"{round(x)}{_glue(str(round(y)))}"


def _glue(number: str) -> str:
    """A minus sign parts two numbers by itself; anything else needs a space."""
    return number if number.startswith("-") else f" {number}"


def weave(dice: Dice, inner: int, outer: int, lobes: tuple[int, int], turns: tuple) -> list[Swing]:
    """One line that crosses itself into a lattice between two circles."""
    count, round_ = dice.between(*lobes), dice.among(*turns)
    while gcd(count, round_) > 1:
        count += 1
    second = dice.between(-30, 30) / 100
    return [Swing((inner + outer) / 2, (outer - inner) / 2, count, round_, dice.between(0, 255) / 40, second)]


def petals(dice: Dice, inner: int, outer: int, lobes: int, lines: int) -> list[Swing]:
    """A sheaf of lines that share their nodes, from a full swing in to a full swing out."""
    middle, reach = (inner + outer) / 2, (outer - inner) / 2
    phase, second = dice.between(0, 255) / 40, dice.between(-35, 35) / 100
    return [Swing(middle, reach * (2 * line / (lines - 1) - 1), lobes, 1, phase, second) for line in range(lines)]


def lines_of(register_number: str, size: int) -> list[Swing]:
    """The lines of a society's rosette, fewer where it is shown small."""
    dice = Dice(register_number)
    order = dice.between(7, 14)
    body, heart = (dice.between(235, 265), dice.between(95, 125))
    if size <= 72:
        return [
            *weave(dice, body, 480, (3 * order, 3 * order + 4), (2,)),
            *weave(dice, heart, body + 60, (order, order + 5), (3,)),
        ]
    rim = weave(dice, 432, 490, (90, 130), (2, 3))
    middle = petals(dice, body - 30, 440, order, 6 if size <= 200 else 9)
    inner = weave(dice, heart - 20, body + 30, (3 * order, 4 * order), (4, 5, 7))
    core = petals(dice, 25, heart + 30, order, 4 if size <= 200 else 6)
    return [*rim, *middle, *inner, *core]


def rosette_svg(register_number: str, *, size: int, colour: str = "currentColor") -> SafeString:
    """The rosette as inline SVG, `size` pixels wide. It is an ornament: screen readers pass it by."""
    pen = max(1.6, min(14, 700 / size))
    paths = mark_safe("".join(f'<path d="{line.path()}z"/>' for line in lines_of(register_number.strip().upper(), size)))
    return format_html(
        '<svg class="rosette" width="{0}" height="{0}" viewBox="-500 -500 1000 1000" aria-hidden="true" focusable="false"'
        ' fill="none" stroke="{1}" stroke-width="{2}">{3}</svg>',
        size,
        colour,
        f"{pen:.3g}",
        paths,
    )
