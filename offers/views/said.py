"""What an offer's page says besides its terms: the answers to the checklist, in parts, each with an anchor."""

from __future__ import annotations

from collections.abc import Callable

from compliance import checklist
from compliance.checklist import words
from offers import story
from offers.checklist import standing
from offers.models import ChecklistAnswer, ShareOffer


def anchor(number: int) -> str:
    """Where the page says what was written to an item."""
    return f"item-{number}"


def parts(offer: ShareOffer, paper_url: Callable[[int], str]) -> list[dict]:
    """The parts that hold something, in order. `paper_url`: the address of an item's paper."""
    answers, found = standing.newest_answers(offer), []
    for name, title in words.PARTS.items():
        said = [
            _shown(answers[item.number], item.title, paper_url)
            for item in checklist.items(on=offer.opens_on, kind=offer.kind)
            if item.part == name and item.number in answers and _is_shown(answers[item.number])
        ]
        if said:
            found.append({"title": title, "said": said})
    return found


def _is_shown(answer: ChecklistAnswer) -> bool:
    """What only points to the story is not said twice."""
    return bool(answer.words or answer.url or answer.file_sha256)


def _shown(answer: ChecklistAnswer, title: str, paper_url: Callable[[int], str]) -> dict:
    return {
        "anchor": anchor(answer.item),
        "title": title,
        "html": story.html(answer.words) if answer.words else "",
        "url": answer.url,
        "paper": paper_url(answer.item) if answer.file_sha256 else "",
        "file_name": answer.file_name,
    }
