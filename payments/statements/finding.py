"""References of applications in a bank's words, which know no rules: any case, blanks and hyphens, one sign wrong."""

from __future__ import annotations

from collections.abc import Iterable

from common import references

LENGTH = references.LENGTH


def squeezed(text: str) -> str:
    """A text with nothing but its letters and figures, in capitals."""
    return "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())


class Index:
    """The references that there are, ready to be found in texts."""

    def __init__(self, known: Iterable[str]):
        self.known = set(known)
        self.masked: dict[str, set[str]] = {}
        for reference in self.known:
            for place in range(LENGTH):
                self.masked.setdefault(_without(reference, place), set()).add(reference)

    def exact(self, text: str) -> list[str]:
        """Every known reference in a text, each once, in the order in which they stand."""
        squeezed_text, found, place = squeezed(text), [], 0
        while place + LENGTH <= len(squeezed_text):
            window = squeezed_text[place : place + LENGTH]
            if window in self.known:
                if window not in found:
                    found.append(window)
                place += LENGTH
            else:
                place += 1
        return found

    def near(self, text: str) -> list[str]:
        """Known references that a text has but for one wrong sign or two neighbours the other way round.

        The check sign makes sure that what was written is no other reference: 31 being prime, it sees both.
        """
        squeezed_text, found = squeezed(text), set()
        for place in range(len(squeezed_text) - LENGTH + 1):
            window = squeezed_text[place : place + LENGTH]
            if references.read(window):
                continue  # somebody's own reference, if not one of ours
            for sign in range(LENGTH):
                found |= self.masked.get(_without(window, sign), set())
            for sign in range(LENGTH - 1):
                swapped = window[:sign] + window[sign + 1] + window[sign] + window[sign + 2 :]
                found |= {swapped} & self.known
        return sorted(found)


def _without(reference: str, place: int) -> str:
    return f"{reference[:place]}*{reference[place + 1 :]}"
