"""Numbers in English words, as cheques and certificates have them beside the figures."""

from __future__ import annotations

ONES = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
THOUSANDS = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1_000, "thousand"))


def in_words(number: int) -> str:
    """A count from 0 up: 1,250 is "one thousand two hundred and fifty", 0 is "no". ValueError below 0 or from 10^15."""
    if not 0 <= number < 10**15:
        raise ValueError(f"{number} is no count that can be put in words.")
    for size, name in THOUSANDS:
        if number >= size:
            rest = number % size
            return f"{in_words(number // size)} {name}" + _after(rest)
    if number >= 100:
        return f"{ONES[number // 100]} hundred" + (f" and {in_words(number % 100)}" if number % 100 else "")
    if number >= 20:
        return TENS[number // 10 - 2] + (f"-{ONES[number % 10]}" if number % 10 else "")
    return ONES[number]


def _after(rest: int) -> str:
    """What follows the thousands: "and" only before less than a hundred, as British English has it."""
    if not rest:
        return ""
    return f" and {in_words(rest)}" if rest < 100 else f" {in_words(rest)}"


def pounds_in_words(amount_pence: int) -> str:
    """A sum in pence from 0 up: 1250 is "twelve pounds and fifty pence"."""
    pounds, rest = divmod(amount_pence, 100)
    parts = [f"{in_words(pounds)} {'pound' if pounds == 1 else 'pounds'}"] if pounds or not rest else []
    parts += [f"{in_words(rest)} {'penny' if rest == 1 else 'pence'}"] if rest else []
    return " and ".join(parts)
