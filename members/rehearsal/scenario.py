"""scenario.toml as facts: the society, its rules, the offer, its areas and matching money. Sums in pence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SocietyFacts:
    name: str
    register_number: str
    legal_form: str
    jurisdiction: str
    registered_office: str
    year_end: tuple[int, int]
    asset_lock: str
    founders: int


@dataclass(frozen=True)
class RuleFacts:
    min_age: int
    max_holding_pence: int
    admits: tuple[str, ...]
    syndicate_max: int


@dataclass(frozen=True)
class TierFacts:
    code: str
    postcodes: tuple[str, ...]
    min_application_pence: int | None
    max_application_pence: int | None
    priority: int


@dataclass(frozen=True)
class MatchFacts:
    name: str
    kind: str
    ratio_pence: int
    cap_pence: int
    trigger: str


@dataclass(frozen=True)
class OfferFacts:
    kind: str
    opens_on: date
    closes_on: date | None
    minimum_pence: int | None
    optimum_pence: int | None
    maximum_pence: int | None
    min_application_pence: int
    max_application_pence: int | None
    multiple_of_pence: int
    max_percent: int | None
    oversubscription: str
    tier_then: str
    transfer_days: int
    cooling_off_days: int
    tiers: tuple[TierFacts, ...]
    ratio: tuple[str, int] | None


@dataclass(frozen=True)
class Scenario:
    title: str
    society: SocietyFacts
    rules: RuleFacts
    class_name: str
    nominal_pence: int
    offer: OfferFacts
    matches: tuple[MatchFacts, ...]
