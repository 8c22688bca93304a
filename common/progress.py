"""How far an offer has come towards its three targets, ready to draw: whole thousandths of the bar's length."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

LENGTH = 1000
MEANINGS = {"minimum": _("Minimum"), "optimum": _("Optimum"), "maximum": _("Maximum")}


@dataclass(frozen=True)
class Mark:
    """One target: where it stands on the bar and what is still wanting."""

    name: str
    target_pence: int
    raised_pence: int
    place: int

    @property
    def label(self):
        return MEANINGS[self.name]

    @property
    def is_reached(self) -> bool:
        return self.raised_pence >= self.target_pence

    @property
    def wanting_pence(self) -> int:
        return max(0, self.target_pence - self.raised_pence)


@dataclass(frozen=True)
class Progress:
    """The bar: filled up to `filled` of a thousand, with a mark at each target."""

    raised_pence: int
    filled: int
    marks: tuple[Mark, ...]


def towards(raised_pence: int, *, minimum: int | None, optimum: int | None, maximum: int) -> Progress:
    """Sums in pence to places on the bar. The bar ends at the maximum, or at what was raised where that is more."""
    whole = max(maximum, raised_pence, 1)
    targets = {"minimum": minimum, "optimum": optimum, "maximum": maximum}
    marks = tuple(
        Mark(name, target, raised_pence, target * LENGTH // whole) for name, target in targets.items() if target
    )
    return Progress(raised_pence, raised_pence * LENGTH // whole, marks)
