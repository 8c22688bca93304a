"""How each item of an offer's checklist stands: from data, from what officers wrote, and from who looked at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from common import clock
from compliance import canonical, checklist
from compliance.answers import Answer
from compliance.checklist import Item
from offers import story
from offers.checklist.known import BY_ITEM, Known
from offers.models import ChecklistAnswer, ChecklistReview, ShareOffer

NOT_STARTED, WANTED, ANSWERED, REVIEWED = "not-started", "wanted", "answered", "reviewed"


@dataclass(frozen=True)
class Standing:
    """One item of one offer. `why`: what is wrong with the answer, in words; `said_sha256`: of what it says now."""

    item: Item
    state: str
    by_data: bool = False
    answer: ChecklistAnswer | None = None
    review: ChecklistReview | None = None
    said_sha256: str = ""
    why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it still stands in the way: neither the data say it nor has a second officer looked at it."""
        return not self.by_data and self.state != REVIEWED


def newest_answers(offer: ShareOffer) -> dict[int, ChecklistAnswer]:
    """What is said to each item now, by its number, with its reviews; papers are not loaded. Two queries."""
    reviews = ChecklistReview.objects.filter(society_id=offer.society_id).select_related("reviewed_by")
    rows = (
        ChecklistAnswer.objects.filter(society_id=offer.society_id, offer=offer)
        .order_by("item", "-edition")
        .distinct("item")
        .defer("file")
        .select_related("answered_by")
        .prefetch_related(Prefetch("reviews", queryset=reviews))
    )
    return {row.item: row for row in rows}


def said_sha256(answer: ChecklistAnswer, sections: dict[str, str]) -> str:
    """The hash of what an answer says, with the section of the story that it points to."""
    said = {
        "item": answer.item,
        "words": answer.words,
        "heading": answer.heading,
        "section": sections.get(answer.heading, "") if answer.heading else "",
        "url": answer.url,
        "file": answer.file_sha256,
    }
    return canonical.sha256(said)


def of(offer: ShareOffer) -> list[Standing]:
    """Every item that the offer is asked today, in order. About five queries."""
    known, answers, sections = Known.of(offer), newest_answers(offer), story.sections(offer.story)
    items = checklist.items(on=clock.today(), kind=offer.kind)
    return [_standing(item, known, answers.get(item.number), sections) for item in items]


def _standing(item: Item, known: Known, answer: ChecklistAnswer | None, sections: dict[str, str]) -> Standing:
    if checklist.DATA in item.by and BY_ITEM[item.number](known):
        return Standing(item, ANSWERED, by_data=True)
    if not item.is_written:
        return Standing(item, WANTED, why=_("The terms or the society’s particulars do not say it yet."))
    if answer is None:
        return Standing(item, NOT_STARTED)
    if not answer.says_something:
        return Standing(item, WANTED, answer=answer, why=_("The answer was taken back."))
    if answer.heading and not sections.get(answer.heading):
        words = _("Nothing stands under the heading “%(heading)s” in the offer any more.")
        return Standing(item, WANTED, answer=answer, why=words % {"heading": answer.heading})
    return _looked_at(item, answer, said_sha256(answer, sections))


def _looked_at(item: Item, answer: ChecklistAnswer, said: str) -> Standing:
    last = next(iter(answer.reviews.all()), None)
    if last is None:
        return Standing(item, ANSWERED, answer=answer, said_sha256=said)
    if last.said_sha256 != said:
        words = _("The text under the heading has changed since it was looked at.")
        return Standing(item, ANSWERED, answer=answer, said_sha256=said, why=words)
    if not last.passed:
        return Standing(item, WANTED, answer=answer, review=last, said_sha256=said, why=last.note)
    return Standing(item, REVIEWED, answer=answer, review=last, said_sha256=said)


def answers_to_rules(standings: Iterable[Standing]) -> list[Answer]:
    """What the checklist says to publication: open hard items stop it, open advised ones take a reason."""
    standings, version = list(standings), checklist.version()
    must = [one for one in standings if one.item.is_must]
    advised = [one for one in standings if not one.item.is_must]
    return [
        checklist.says_what_it_must(missing=_open(must), asked=len(must), checklist=version),
        checklist.says_what_is_advised(missing=_open(advised), asked=len(advised), checklist=version),
    ]


def _open(standings: list[Standing]) -> list[int]:
    return [one.item.number for one in standings if one.is_open]
