"""Reading a scenario's folder. Every fault is found in one go; a file with faults is not played."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from compliance import rulesets
from compliance.eligibility import HOLDER_KINDS
from members.rehearsal import events, values
from members.rehearsal.events import Event
from members.rehearsal.faults import Fault, UnreadableScenario
from members.rehearsal.scenario import MatchFacts, OfferFacts, RuleFacts, Scenario, SocietyFacts, TierFacts
from members.rehearsal.toml_places import places
from offers.choices import AssetLock, LegalForm, MatchTrigger, OfferKind, Oversubscription

FILE = "scenario.toml"
NEEDED = object()  # a key without a default
CUTS = [choice for choice in Oversubscription.values if choice != Oversubscription.PRIORITY_TIERS]


def read(folder: Path) -> tuple[Scenario, list[Event]]:
    """The scenario and its events, or UnreadableScenario with every fault of both files."""
    faults: list[Fault] = []
    scenario = _Reading(folder / FILE, faults).scenario() if _there(folder / FILE, faults) else None
    found = events.read(folder / events.FILE, faults) if _there(folder / events.FILE, faults) else []
    if faults:
        raise UnreadableScenario(faults)
    return scenario, found


def _there(path: Path, faults: list[Fault]) -> bool:
    if not path.is_file():
        faults.append(Fault(path.name, 1, 1, "the file is missing", f"put {path.name} into {path.parent.name}/"))
    return path.is_file()


class _Reading:
    """Reads one scenario.toml and collects its faults with their places."""

    def __init__(self, path: Path, faults: list[Fault]):
        self.faults = faults
        self.places: dict = {(): (1, 1)}
        self.data: dict = {}
        try:
            source = path.read_bytes().decode("utf-8-sig")
            self.places = places(source)
            self.data = tomllib.loads(source)
        except UnicodeDecodeError:
            self.fault((), "the file is not UTF-8", "save it as UTF-8")
        except tomllib.TOMLDecodeError as error:
            self._not_toml(error)

    def _not_toml(self, error: tomllib.TOMLDecodeError) -> None:
        words, _, place = str(error).partition(" (at ")
        numbers = [int(part) for part in "".join(c if c.isdigit() else " " for c in place).split()]
        line, column = numbers if len(numbers) == 2 else (1, 1)
        self.faults.append(Fault(FILE, line, column, words, 'write key = value, texts between "quotes"'))

    def fault(self, path: tuple, wrong: str, right: str) -> None:
        while path not in self.places:
            path = path[:-1]
        line, column = self.places[path]
        self.faults.append(Fault(FILE, line, column, wrong, right))

    def table(self, *path) -> _Table:
        data = self.data
        for part in path:
            data = data.get(part, {}) if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.fault(path, f"{path[-1]} is no table", f"write [{'.'.join(path)}]")
            data = {}
        return _Table(self, path, data)

    def tables(self, *path) -> list[_Table]:
        parent = self.table(*path[:-1]).data if len(path) > 1 else self.data
        rows = parent.get(path[-1], [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.fault(path, f"{path[-1]} is no list of tables", f"write [[{'.'.join(path)}]]")
            return []
        return [_Table(self, (*path, place), row) for place, row in enumerate(rows)]

    def scenario(self) -> Scenario | None:
        if self.faults and not self.data:
            return None
        self._unknown_tables()
        title = self.table("scenario")
        share = self.table("share_class")
        found = Scenario(
            title=title.get("title", values.text),
            society=self._society(),
            rules=self._rules(),
            class_name=share.get("name", values.text),
            nominal_pence=share.get("nominal", values.positive_pounds),
            offer=self._offer(),
            matches=tuple(self._match(table) for table in self.tables("match")),
        )
        for table in (title, share):
            table.refuse_the_rest()
        if not self.faults:
            _check_together(self, found)
        return found

    def _unknown_tables(self) -> None:
        known = {"scenario", "society", "rules", "share_class", "offer", "match"}
        for name in self.data.keys() - known:
            self.fault((name,), f"{name} is not known here", f"write one of {', '.join(sorted(known))}")

    def _society(self) -> SocietyFacts:
        table = self.table("society")
        found = SocietyFacts(
            name=table.get("name", values.text),
            register_number=table.get("register_number", values.text),
            legal_form=table.get("legal_form", values.one_of(LegalForm.values)),
            jurisdiction=table.get("jurisdiction", values.one_of([code for code, _ in rulesets.jurisdictions()])),
            registered_office=table.get("registered_office", values.text),
            year_end=table.get("year_end", values.year_end),
            asset_lock=table.get("asset_lock", values.one_of(AssetLock.values)),
            founders=table.get("founders", values.whole(3, 1000)),
        )
        table.refuse_the_rest()
        return found

    def _rules(self) -> RuleFacts:
        table = self.table("rules")
        found = RuleFacts(
            min_age=table.get("min_age", values.whole(0, 130)),
            max_holding_pence=table.get("max_holding", values.positive_pounds),
            admits=table.get("admits", values.some_of(HOLDER_KINDS), tuple(HOLDER_KINDS)),
            syndicate_max=table.get("syndicate_max", values.whole(1, 10000), 10),
        )
        table.refuse_the_rest()
        return found

    def _offer(self) -> OfferFacts:
        table = self.table("offer")
        timed = table.data.get("kind") in (OfferKind.TIME_BOUND, OfferKind.PIONEER)
        target = NEEDED if timed else None
        found = OfferFacts(
            kind=table.get("kind", values.one_of(OfferKind.values)),
            opens_on=table.get("opens_on", values.day),
            closes_on=table.get("closes_on", values.day, target),
            minimum_pence=table.get("minimum", values.pounds, target),
            optimum_pence=table.get("optimum", values.pounds, target),
            maximum_pence=table.get("maximum", values.positive_pounds, target),
            min_application_pence=table.get("min_application", values.positive_pounds),
            max_application_pence=table.get("max_application", values.positive_pounds, None),
            multiple_of_pence=table.get("multiple_of", values.positive_pounds, 100),
            max_percent=table.get("max_percent", values.whole(1, 100), None),
            oversubscription=table.get("oversubscription", values.one_of(Oversubscription.values)),
            tier_then=table.get("tier_then", values.one_of(CUTS), Oversubscription.PRO_RATA),
            transfer_days=table.get("transfer_days", values.whole(0, 365), 10),
            cooling_off_days=table.get("cooling_off_days", values.whole(0, 365), 14),
            tiers=tuple(self._tier(row) for row in self.tables("offer", "tier")),
            ratio=self._ratio() if "ratio" in table.data else None,
        )
        table.refuse_the_rest("tier", "ratio")
        return found

    def _tier(self, table: _Table) -> TierFacts:
        found = TierFacts(
            code=table.get("code", values.text),
            postcodes=table.get("postcodes", values.texts),
            min_application_pence=table.get("min_application", values.positive_pounds, None),
            max_application_pence=table.get("max_application", values.positive_pounds, None),
            priority=table.get("priority", values.whole(1, 1000), 1),
        )
        table.refuse_the_rest()
        return found

    def _ratio(self) -> tuple[str, int]:
        table = self.table("offer", "ratio")
        found = table.get("tier", values.text), table.get("at_least_percent", values.whole(1, 100))
        table.refuse_the_rest()
        return found

    def _match(self, table: _Table) -> MatchFacts:
        found = MatchFacts(
            name=table.get("name", values.text),
            kind=table.get("kind", values.one_of(HOLDER_KINDS)),
            ratio_pence=table.get("ratio", values.positive_pounds),
            cap_pence=table.get("cap", values.positive_pounds),
            trigger=table.get("trigger", values.one_of(MatchTrigger.values)),
        )
        table.refuse_the_rest()
        return found


class _Table:
    """One table of the file; remembers which keys were asked for."""

    def __init__(self, reading: _Reading, path: tuple, data: dict):
        self.reading, self.path, self.data, self.asked = reading, path, data, set()

    def get(self, key: str, reader: values.Reader, default=NEEDED):
        self.asked.add(key)
        if key not in self.data:
            if default is NEEDED:
                where = ".".join(str(part) for part in self.path if isinstance(part, str))
                self.reading.fault(self.path, f"{key} is missing in [{where}]", f"write {key} = …")
                return None
            return default
        try:
            return reader(self.data[key])
        except ValueError as fault:
            wrong, right = fault.args
            self.reading.fault((*self.path, key), f"{key}: {wrong}", right)
            return None

    def refuse_the_rest(self, *tables: str) -> None:
        for key in self.data.keys() - self.asked - set(tables):
            near = get_close_matches(key, self.asked, n=1)
            right = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(self.asked))}"
            self.reading.fault((*self.path, key), f"{key} is not known here", right)


def _check_together(reading: _Reading, scenario: Scenario) -> None:
    """What is wrong only beside something else."""
    offer = scenario.offer
    targets = [("minimum", offer.minimum_pence), ("optimum", offer.optimum_pence), ("maximum", offer.maximum_pence)]
    given = [(name, amount) for name, amount in targets if amount is not None]
    checks = [
        ("closes_on", offer.closes_on and offer.closes_on < offer.opens_on, "closes before it opens", "a later day"),
        *(
            (high, low_sum > high_sum, f"{high} is below {low}", "write minimum ≤ optimum ≤ maximum")
            for (low, low_sum), (high, high_sum) in pairwise(given)
        ),
        (
            "max_application",
            offer.max_application_pence and offer.max_application_pence < offer.min_application_pence,
            "max_application is below min_application",
            "write a larger sum",
        ),
        (
            "multiple_of",
            offer.multiple_of_pence % scenario.nominal_pence,
            "multiple_of is no whole number of shares",
            "write a multiple of share_class.nominal",
        ),
        ("max_percent", offer.max_percent and not offer.maximum_pence, "max_percent needs a maximum", "write maximum"),
    ]
    for key, is_wrong, wrong, right in checks:
        if is_wrong:
            reading.fault(("offer", key), wrong, right)
    codes = [tier.code for tier in offer.tiers]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            reading.fault(("offer", "tier", place, "code"), f"tier {code} stands twice", "give each its own code")
    if offer.ratio and offer.ratio[0] not in codes:
        reading.fault(
            ("offer", "ratio", "tier"), f"there is no tier {offer.ratio[0]}", "write the code of an [[offer.tier]]"
        )
    if offer.oversubscription == Oversubscription.PRIORITY_TIERS and not codes:
        reading.fault(("offer", "oversubscription"), "priority-tiers without a tier", "write [[offer.tier]]")
