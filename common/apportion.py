"""The one place where a sum is split: whole units in proportion, none lost, none made (largest remainder)."""

from __future__ import annotations

from collections.abc import Sequence


def apportion(units: int, weights: Sequence[int]) -> list[int]:
    """Split `units` in proportion to `weights`.

    Each gets the whole part of its share; the units still left go one each to the largest fractions, ties to
    whoever stands first. The sum is exactly `units`; with equal weights nobody gets more than one above another.
    Raises ValueError for a negative number, or units to share among weights that are all nought.
    """
    total = sum(weights)
    if units < 0 or any(weight < 0 for weight in weights):
        raise ValueError("Neither units nor weights may be negative.")
    if not total:
        if units:
            raise ValueError("Nothing to share by: every weight is nought.")
        return [0] * len(weights)
    shares = [units * weight // total for weight in weights]
    remainders = [units * weight % total for weight in weights]
    by_fraction = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in by_fraction[: units - sum(shares)]:
        shares[place] += 1
    return shares
