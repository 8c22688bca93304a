"""What Stripe charges, takes and waits, as dated data with its source. A figure that nobody could read is None."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BASIS = 10_000  # basis points in a whole


@dataclass(frozen=True)
class Terms:
    """The terms of one method that is paid at Stripe; sums in pence, days are the bank's working days.

    offered: the amounts at which we offer it; limit: what Stripe takes in one payment, `limit_raised_pence` once it has
    agreed to more for a society. `fee_basis_points` None: no page says what it costs.
    """

    name: str
    capability: str
    stripe_type: str
    source: str
    days_least: int
    days_most: int
    limit_pence: int
    limit_least_pence: int = 1
    limit_raised_pence: int | None = None
    limit_note: str = ""
    offered_from_pence: int = 1
    offered_to_pence: int | None = None
    fee_basis_points: int | None = None
    fee_fixed_pence: int = 0
    fee_least_pence: int = 0
    fee_note: str = ""
    dispute_pence: int | None = None

    def fee_pence(self, amount_pence: int) -> int | None:
        """What a payment costs the society, halves of a penny up; None where no page says."""
        if self.fee_basis_points is None:
            return None
        share_pence = (amount_pence * self.fee_basis_points * 2 + BASIS) // (2 * BASIS)
        return max(share_pence + self.fee_fixed_pence, self.fee_least_pence)


@dataclass(frozen=True)
class Hold:
    """How long Stripe keeps money that is not paid out, in days, and how long we let it."""

    days_most: int
    days_ours: int
    source: str


@dataclass(frozen=True)
class Tariff:
    """One provider's terms as they were read on a day."""

    provider: str
    valid_from: date
    read_on: date
    hold: Hold
    methods: dict[str, Terms]


def tariff(on: date) -> Tariff:
    """The terms that hold on a day; before the first day that we know of, the first ones."""
    known = _tariffs()
    holding = [found for found in known if found.valid_from <= on]
    return holding[-1] if holding else known[0]


@functools.cache
def _tariffs() -> tuple[Tariff, ...]:
    return tuple(sorted((_read(path) for path in FOLDER.glob("*.toml")), key=lambda found: found.valid_from))


def _read(path: Path) -> Tariff:
    data = tomllib.loads(path.read_text())
    methods = {entry["name"]: Terms(**entry) for entry in data["method"]}
    return Tariff(data["provider"], data["valid_from"], data["read_on"], Hold(**data["hold"]), methods)
