"""Invented crowds of every shape, from a seed: scenario.toml and events.csv for the rehearsal and its naive reading."""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.scenarios import naive

COLUMNS = [
    "at",
    "event",
    "applicant",
    "kind",
    "name",
    "born_on",
    "postcode",
    "country",
    "amount",
    "accept_less",
    "method",
    "with",
    "people",
    "note",
]
KINDS = ["person"] * 12 + ["joint", "joint", "child", "organisation", "registered-society", "syndicate"]
STRATEGIES = ["first-come", "pro-rata", "cap-largest", "priority-tiers"]


class Crowd:
    """One seeded crowd. `size`: how many people there are; about as many apply, some of them twice."""

    def __init__(self, seed: int, size: int = 40):
        self.random = random.Random(seed)
        self.size = size
        pick = self.random.choice
        self.unit = pick([100, 100, 500, 2500])
        self.nominal = self.unit if self.unit == 2500 else pick([100, self.unit])
        self.strategy = STRATEGIES[seed % 4]
        self.nir = seed % 7 == 3
        self.opens = date(2026, 3, pick([1, 15, 25]))
        self.closes = self.opens + timedelta(days=pick([5, 20, 45]))
        self.smallest = self.unit * pick([1, 1, 4, 10])
        self.largest = pick([5_000_00, 10_000_00, 25_000_00, 150_000_00])
        self.total = self.unit * (size * pick([8, 15, 30, 200]))
        self.with_tiers = self.strategy == "priority-tiers" or pick([True, False])
        self.with_ratio = self.with_tiers and pick([True, False, False])
        self.rows: list[dict] = []

    def write(self, folder: Path) -> Path:
        """Both files; money that would come for nothing is taken out, since such a file is not to be read."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "scenario.toml").write_text(self.toml())
        self.people()
        self.rows.sort(key=lambda row: row["at"])
        self._write_events(folder)
        for_nothing: list[dict] = []
        naive.play(folder, unplayable=for_nothing)
        gone = {(row["at"], row["applicant"]) for row in for_nothing}
        self.rows = [row for row in self.rows if row["event"] != "pay" or (row["at"], row["applicant"]) not in gone]
        self._write_events(folder)
        return folder

    def _write_events(self, folder: Path) -> None:
        with open(folder / "events.csv", "w", newline="") as target:
            writer = csv.DictWriter(target, COLUMNS)
            writer.writeheader()
            writer.writerows(self.rows)

    def toml(self) -> str:
        pick = self.random.choice
        money = lambda pence: f'"{pence // 100}.{pence % 100:02}"'
        minimum = int(self.total * pick([0, 0.1, 0.3, 1])) // self.unit * self.unit
        minimum = min(minimum, self.total)
        lines = [
            '[scenario]\ntitle = "A crowd"',
            '[society]\nname = "Crowd Society Limited"\nregister_number = "RS1"\nlegal_form = "community-benefit"',
            f'jurisdiction = "{"GB-NIR" if self.nir else pick(["GB-ENG", "GB-WLS", "GB-SCT"])}"',
            'registered_office = "1 High Street, Crowd"\nyear_end = "12-31"\nasset_lock = "voluntary"\nfounders = 3',
            f"[rules]\nmin_age = {pick([16, 18])}",
            f"max_holding = {money(pick([3_000_00, 20_000_00, 100_000_00, 100_000_00]))}",
            "admits = " + pick(['["person", "joint", "child"]', *[str(sorted(set(KINDS))).replace("'", '"')] * 3]),
            f"syndicate_max = {pick([3, 10])}",
            f'[share_class]\nname = "Shares"\nnominal = {money(self.nominal)}',
            f'[offer]\nkind = "time-bound"\nopens_on = {self.opens}\ncloses_on = {self.closes}',
            f"minimum = {money(minimum)}\noptimum = {money(self.total)}\nmaximum = {money(self.total)}",
            f"min_application = {money(self.smallest)}\nmax_application = {money(self.largest)}",
            f'multiple_of = {money(self.unit)}\noversubscription = "{self.strategy}"',
            f"transfer_days = {pick([2, 10])}\ncooling_off_days = {pick([0, 3, 14])}",
        ]
        if pick([True, False, False]):
            lines.append(f"max_percent = {pick([3, 10, 25])}")
        if self.strategy == "priority-tiers":
            lines.append(f'tier_then = "{pick(["pro-rata", "cap-largest", "first-come"])}"')
        lines += self.areas(money) + self.matching(money)
        return "\n".join(lines) + "\n"

    def areas(self, money) -> list[str]:
        if not self.with_tiers:
            return []
        pick, lines = self.random.choice, []
        for code, postcodes, priority in (("A", '["PA20"]', 1), ("B", '["PA", "G"]', pick([1, 2]))):
            lines.append(f'[[offer.tier]]\ncode = "{code}"\npostcodes = {postcodes}\npriority = {priority}')
            if pick([True, False]):
                lines.append(f"min_application = {money(self.unit)}")
            if pick([True, False]):
                lines.append(f"max_application = {money(self.largest // 2)}")
        if self.with_ratio:
            lines.append(f'[offer.ratio]\ntier = "A"\nat_least_percent = {pick([40, 75])}')
        return lines

    def matching(self, money) -> list[str]:
        pick = self.random.choice
        kinds = [("registered-society", "Fund"), ("organisation", "Trust")][: pick([0, 0, 1, 2])]
        return [
            f'[[match]]\nname = "{name}"\nkind = "{kind}"\nratio = "{pick(["1.00", "0.50", "0.33"])}"\n'
            f'cap = {money(pick([500_00, 50_000_00]))}\ntrigger = "{pick(["minimum", "always"])}"'
            for kind, name in kinds
        ]

    # == people ==

    def people(self) -> None:
        kinds = {f"P{n}": self.random.choice(KINDS) for n in range(1, self.size + 1)}
        for name in kinds:
            for _ in range(self.random.choice([1, 1, 1, 2])):
                self.applies(name, kinds)
        if self.random.random() < 0.3:
            moment = self.moment(0.8, 1.1)
            later = self.closes + timedelta(days=self.random.choice([-2, 4]))
            self.row(moment, "extend", note=max(later, self.opens).isoformat())
        if self.random.random() < 0.2:
            self.row(self.moment(0.5, 1.0), "close")

    def moment(self, low: float, high: float) -> datetime:
        """A moment between two shares of the offer's time; one second of its own, so that none are equal."""
        span = (self.closes - self.opens).total_seconds() + 86400
        start = datetime.combine(self.opens, datetime.min.time())
        moment = start + timedelta(seconds=int(span * self.random.uniform(low, high)))
        if moment.date().month == 3 and moment.date().day == 29 and moment.hour == 1:
            moment += timedelta(hours=1)  # the hour that the spring of 2026 leaves out
        while any(row["at"] == moment.isoformat() for row in self.rows):
            moment += timedelta(seconds=1)
        return moment

    def row(self, moment: datetime, event: str, applicant: str = "", **cells) -> None:
        self.rows.append({"at": moment.isoformat(), "event": event, "applicant": applicant, **cells})

    def amount(self) -> int:
        pick, unit = self.random.choice, self.unit
        typical = unit * max(1, int(self.random.lognormvariate(3.2, 1.2)))
        odd = [self.smallest, self.smallest - 1, self.largest, self.largest + unit, typical + 1, 20_000_00, 60_000_00]
        return pick([typical] * 60 + odd)

    def applies(self, name: str, kinds: dict[str, str]) -> None:
        pick, kind = self.random.choice, kinds[name]
        moment = self.moment(-0.02, 1.02)
        amount = max(self.amount(), 1)
        method = pick(["card", "card", "bank-transfer", "cheque"])
        others = [pick([*kinds, "P999"])] if kind in ("joint", "child") and self.random.random() < 0.8 else []
        years = pick([3, 15, 17, 40, 40, 40, 50, 50, 70, 70, 70])
        self.row(
            moment,
            "apply",
            name,
            kind=kind,
            name=f"Person {name}",
            born_on=pick(["", date(2026 - years, 2, 28).isoformat()]) if kind in ("person", "joint", "child") else "",
            postcode=pick(["PA20 0LQ", "PA1 1AA", "g1 1aa", "LS1 4AP", ""]),
            country="GB",
            amount=f"{amount / 100:.2f}",
            accept_less=pick("yn"),
            method=method,
            people=pick(["", "2", "12"]) if kind == "syndicate" else "",
            **{"with": ";".join(other for other in others if other != name)},
        )
        self.pays(name, moment, amount, method)

    def pays(self, name: str, applied: datetime, amount: int, method: str) -> None:
        chance = self.random.random()
        late = timedelta(minutes=40) if method == "card" else timedelta(days=11)
        soon = timedelta(seconds=self.random.randint(30, 1800 if method == "card" else 172800))
        if chance < 0.75:
            self.paid(name, applied + soon, "")
        elif chance < 0.80:
            self.paid(name, applied + late, "")
        elif chance < 0.85:
            self.paid(name, applied + soon, f"{max(amount - 100, 100) / 100:.2f}")
            if self.random.random() < 0.5:
                self.paid(name, applied + soon + timedelta(seconds=5), "")
        elif chance < 0.90:
            self.paid(name, applied + late, f"{(amount + 100) / 100:.2f}")
        elif chance < 0.93:
            self.row(applied + soon, "pay-fails", name)
        if self.random.random() < 0.08:
            self.row(applied + timedelta(days=self.random.choice([0, 1, 4, 20]), seconds=7), "cancel", name)

    def paid(self, name: str, moment: datetime, amount: str) -> None:
        self.row(moment, "pay", name, amount=amount, method="")
