"""Answering the checklist of a draft, and looking at what another officer answered. Rows are only added."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock
from compliance.checklist import Item
from offers import story
from offers.checklist import standing
from offers.checklist.standing import Standing
from offers.choices import OfferState
from offers.models import ChecklistAnswer, ChecklistReview, ShareOffer

MOST_BYTES = 2_000_000
PDF = b"%PDF-"


def _locked_draft(offer: ShareOffer) -> ShareOffer:
    """The offer's row, so that two officers answer one after the other. ValidationError where it is no draft."""
    rows = ShareOffer.objects.select_for_update(no_key=True, of=("self",)).select_related("society", "share_class")
    found = rows.get(pk=offer.pk, society_id=offer.society_id)
    if found.state != OfferState.DRAFT:
        raise ValidationError(_("This offer has been published, so what it says stands."))
    return found


def _of(offer: ShareOffer, number: int) -> Standing:
    for one in standing.of(offer):
        if one.item.number == number and one.item.is_written:
            return one
    raise ValidationError(_("Nothing is written to this item."))


@transaction.atomic
def answer(
    offer: ShareOffer,
    *,
    number: int,
    words: str = "",
    heading: str = "",
    url: str = "",
    file_name: str = "",
    file: bytes | None = None,
    keep_file: bool = False,
    by,
) -> ChecklistAnswer:
    """Say something to an item of a draft; a review of what was said before no longer counts.

    `heading`: of the story, where it is said there; `keep_file`: the paper that was there stays. Nothing at all takes
    the answer back. ValidationError says why not; the same again is the answer that is there.
    """
    offer = _locked_draft(offer)
    before = _of(offer, number).answer
    if heading and heading not in story.sections(offer.story):
        raise ValidationError({"heading": _("The offer has no such heading.")})
    if file is not None and (not file.startswith(PDF) or len(file) > MOST_BYTES):
        raise ValidationError({"file": _("Choose a PDF of at most 2 MB.")})
    if keep_file and file is None and before is not None and before.file_sha256:
        file, file_name = bytes(before.file), before.file_name
    said = {
        "words": words.strip(),
        "heading": heading,
        "url": url,
        "file_name": file_name if file is not None else "",
        "file_sha256": hashlib.sha256(file).hexdigest() if file is not None else "",
    }
    if before is not None and all(getattr(before, name) == value for name, value in said.items()):
        return before
    row = ChecklistAnswer.objects.create(
        society_id=offer.society_id,
        offer=offer,
        item=number,
        edition=before.edition + 1 if before else 1,
        file=file,
        answered_at=clock.now(),
        answered_by=by,
        **said,
    )
    audit.note("checklist.answer", society_id=offer.society_id, subject_id=offer.pk, by=by, item=number)
    return row


@transaction.atomic
def review(offer: ShareOffer, *, number: int, said_sha256: str, passed: bool, note: str = "", by) -> ChecklistReview:
    """Another officer's look at what is said now; `said_sha256`: what they have before them.

    ValidationError where it is their own answer, it has changed meanwhile, or no reason is given for sending it back.
    Twice is harmless.
    """
    offer = _locked_draft(offer)
    one = _of(offer, number)
    if one.answer is None or not one.said_sha256 or one.said_sha256 != said_sha256:
        raise ValidationError(_("The answer has changed since you opened the page. Read it again."))
    if one.answer.answered_by_id == by.pk:
        raise ValidationError(_("You wrote this answer, so another officer must look at it."))
    if not passed and not note.strip():
        raise ValidationError({"note": _("Say what is missing or wrong.")})
    if one.review and (one.review.passed, one.review.note) == (passed, note.strip()):
        return one.review
    row = ChecklistReview.objects.create(
        society_id=offer.society_id,
        answer=one.answer,
        said_sha256=said_sha256,
        passed=passed,
        note=note.strip(),
        reviewed_at=clock.now(),
        reviewed_by=by,
    )
    audit.note("checklist.review", society_id=offer.society_id, subject_id=offer.pk, by=by, item=number, passed=passed)
    return row


@transaction.atomic
def answer_all(offer: ShareOffer, words_for: Callable[[Item], str], *, by, reviewed_by) -> None:
    """Answer every item that has no answer yet, and let another officer look at all of it: for what is rehearsed.

    `words_for`: what is said to an item; nothing leaves it open.
    """
    offer, moment = _locked_draft(offer), clock.now()
    waits = [(one.item, words_for(one.item).strip()) for one in standing.of(offer) if one.state == standing.NOT_STARTED]
    ChecklistAnswer.objects.bulk_create(
        ChecklistAnswer(
            society_id=offer.society_id,
            offer=offer,
            item=item.number,
            edition=1,
            words=words,
            answered_at=moment,
            answered_by=by,
        )
        for item, words in waits
        if words
    )
    _pass(standing.of(offer), at=moment, by=reviewed_by)


def _pass(standings: Iterable[Standing], *, at, by) -> None:
    ChecklistReview.objects.bulk_create(
        ChecklistReview(
            society_id=one.answer.society_id,
            answer=one.answer,
            said_sha256=one.said_sha256,
            passed=True,
            reviewed_at=at,
            reviewed_by=by,
        )
        for one in standings
        if one.state == standing.ANSWERED and one.answer is not None
    )
