"""Two hundred messy lines with their truth: what a bank's list looks like after an offer's busiest week."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from common import references
from payments.statements.matching import Candidate, Incoming

FIRST = ["Jane", "John", "Margaret", "David", "Siân", "Owen", "Priya", "Amir", "Zoë", "Tom", "Ruth", "Eleri", "Paul",
         "Aoife", "Grace", "Kofi", "Helen", "Ian", "Joan", "Neil"]  # fmt: skip
LAST = ["Smith", "Jones", "O'Brien", "Patel", "Lloyd-Evans", "MacDonald", "Taylor", "Khan", "Williams", "Brown",
        "Davies", "Wright", "Okafor", "Green", "Nowak", "Hughes", "Thomas", "Wood", "Clarke", "Scott"]  # fmt: skip
SUMS = [50_00, 100_00, 100_00, 200_00, 250_00, 250_00, 250_00, 500_00, 500_00, 500_00, 1_000_00, 1_000_00, 2_000_00]
NOISE = ["CARD 1234 CO-OP", "STRIPE PAYOUT ST-A1B2C3", "HMRC VAT 123456789", "BGC TILL TAKINGS", "INTEREST",
         "BACS GRANT PAYMENT RURAL FUND", "INV 2026 0042 RENT HALL", "FASTER PAYMENT RECEIPT RAFFLE"]  # fmt: skip
DAY = date(2026, 3, 20)


@dataclass(frozen=True)
class Truth:
    """A line and the applications whose money it really is; none for what is not to do with shares."""

    line: Incoming
    whose: frozenset
    how: str


class Corpus:
    """Everything from one number, so that a find can be told to somebody else."""

    def __init__(self, seed: int, lines: int = 200):
        self.dice = random.Random(seed)
        self.candidates = [self._candidate() for _ in range(230)]
        self.left = list(self.candidates)
        self.dice.shuffle(self.left)
        ways = [
            (self._clean, 44), (self._wrong_sign, 9), (self._swapped, 4), (self._name_only, 16), (self._other_sum, 5),
            (self._for_two, 3), (self._somebody_else, 3), (self._twice, 3), (self._noise, 9), (self._namesake, 4),
        ]  # fmt: skip
        self.truths = []
        while len(self.truths) < lines:
            (way,) = self.dice.choices([way for way, _n in ways], [n for _way, n in ways])
            self.truths += way()

    def _candidate(self) -> Candidate:
        name = f"{self.dice.choice(FIRST)} {self.dice.choice(LAST)}"
        body = "".join(self.dice.choice(references.ALPHABET) for _ in range(references.LENGTH - 1))
        joint = (f"{self.dice.choice(FIRST)} {name.split()[-1]}",) if self.dice.random() < 0.15 else ()
        pence = self.dice.choice(SUMS) if self.dice.random() < 0.7 else self.dice.randrange(50, 3000) * 1_00
        return Candidate(
            key=uuid.UUID(int=self.dice.getrandbits(128)), reference=body + references._check_sign(body), name=name,
            names=(name, *joint), wanting_pence=pence, is_waiting=True, by_card=self.dice.random() < 0.03,
            last_day=DAY + timedelta(days=20),
        )  # fmt: skip

    def _line(self, pence: int, payer: str, words: str, whose, how: str) -> list[Truth]:
        on = DAY - timedelta(days=self.dice.randrange(7))
        line = Incoming(uuid.UUID(int=self.dice.getrandbits(128)), on, pence, payer, f"{words} {payer}")
        return [Truth(line, frozenset(candidate.key for candidate in whose), how)]

    def _at_bank(self, name: str) -> str:
        """A name as banks write it."""
        first, last = name.split(" ", 1)
        return self.dice.choice([
            f"{last} {first[0]}", f"MR {first[0]} {last}", f"{first} {last}", f"{last.upper()} {first.upper()}",
            f"{first[0]}{self.dice.choice('ABEM')} {last}", f"{first} {self.dice.choice('ABEM')} {last}",
            f"MRS {first} {last}".upper()[:18],
        ])  # fmt: skip

    def _typed(self, reference: str) -> str:
        """A reference as people type it."""
        r = reference
        shown = self.dice.choice([r, references.shown(r), f"{r[:3]} {r[3:]}", " ".join(r), f"{r[:2]}-{r[2:5]}-{r[5:]}"])
        shown = shown.lower() if self.dice.random() < 0.4 else shown
        before, after = (
            self.dice.choice(["", "REF ", "SHARES ", "FP 20/03/26 "]),
            self.dice.choice(["", " THANKS", " FT"]),
        )
        return f"{before}{shown}{after}"

    def _clean(self):
        c = self.left.pop()
        return self._line(c.wanting_pence, self._at_bank(c.name), self._typed(c.reference), [c], "clean")

    def _wrong_sign(self):
        c, place = self.left.pop(), self.dice.randrange(references.LENGTH)
        wrong = self.dice.choice(
            [sign for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" if sign != c.reference[place]]
        )
        typed = self._typed(c.reference[:place] + wrong + c.reference[place + 1 :])
        return self._line(c.wanting_pence, self._at_bank(c.name), typed, [c], "wrong sign")

    def _swapped(self):
        c, place = self.left.pop(), self.dice.randrange(references.LENGTH - 1)
        r = c.reference
        typed = self._typed(r[:place] + r[place + 1] + r[place] + r[place + 2 :])
        return self._line(c.wanting_pence, self._at_bank(c.name), typed, [c], "swapped")

    def _name_only(self):
        c = self.left.pop()
        words = self.dice.choice(["SHARES", "community shop", "", "INVESTMENT", "share offer"])
        return self._line(c.wanting_pence, self._at_bank(self.dice.choice(c.names)), words, [c], "name only")

    def _other_sum(self):
        c = self.left.pop()
        pence = c.wanting_pence + self.dice.choice([-10_00, 10_00, -25_00, 50_00])
        return self._line(max(pence, 1_00), self._at_bank(c.name), self._typed(c.reference), [c], "other sum")

    def _for_two(self):
        a, b = self.left.pop(), self.left.pop()
        words = f"{references.shown(a.reference)} {references.shown(b.reference)}"
        return self._line(a.wanting_pence + b.wanting_pence, self._at_bank(a.name), words, [a, b], "for two")

    def _somebody_else(self):
        c = self.left.pop()
        payer = self._at_bank(f"{self.dice.choice(FIRST)} {self.dice.choice(LAST)}")
        return self._line(c.wanting_pence, payer, self._typed(c.reference), [c], "somebody else")

    def _twice(self):
        """The same money twice: the second one is nobody's to accept unseen."""
        c = self.left.pop()
        one = self._line(c.wanting_pence, self._at_bank(c.name), self._typed(c.reference), [c], "clean")
        return one + self._line(c.wanting_pence, self._at_bank(c.name), self._typed(c.reference), [c], "twice")

    def _noise(self):
        return self._line(self.dice.randrange(1_00, 900_00), "", self.dice.choice(NOISE), [], "noise")

    def _namesake(self):
        """Somebody with an applicant's surname and sum, buying something else."""
        c = self.dice.choice(self.candidates)
        payer = f"{self.dice.choice('BCDFGHKLNPQRSTVWXYZ')} {c.name.split()[-1]}"
        return self._line(c.wanting_pence, payer, "HALL HIRE", [], "namesake")
