"""The checklist of a draft: what its data say, what is written, who looked, and what stands against publishing."""

import pytest
from django.core.exceptions import ValidationError

from compliance import approvals
from compliance.answers import RuleBroken
from offers import lifecycle, story
from offers.checklist import answering, standing
from offers.models import ChecklistAnswer, ChecklistReview, OfferVersion, ShareOffer
from tests.factories import make_draft, make_offer, make_user, prepare

pytestmark = pytest.mark.django_db
BOARD = 14
PLAN = b"%PDF-1.7 a plan"


@pytest.fixture
def offer():
    return make_draft(
        is_answered=False, story="## The mill\n\nIt is old.\n\n### Its wheel\n\nTurns.\n\n## Later\n\nMore."
    )


def one(offer, number=BOARD):
    return next(one for one in standing.of(offer) if one.item.number == number)


def look(offer, *, by, number=BOARD, passed=True, note=""):
    said = one(offer, number).said_sha256
    return answering.review(offer, number=number, said_sha256=said, passed=passed, note=note, by=by)


def test_the_data_of_a_draft_answer_what_they_can(offer):
    states = {each.item.number: each.state for each in standing.of(offer)}
    by_data = {each.item.number for each in standing.of(offer) if each.by_data}
    assert by_data >= {1, 2, 3, 4, 5, 6, 8, 11, 12, 13, 17, 18, 20, 21, 22, 25, 42, 43, 44, 45, 48}
    assert {states[number] for number in by_data} == {"answered"}
    assert states[10] == "not-started"  # the society has not said what it is for
    assert states[39] == "not-started"  # nobody matches


def test_what_the_data_lack_is_asked_for(offer):
    offer.kind, offer.minimum_pence, offer.closes_on = "time-bound", None, None
    found = {each.item.number: each for each in standing.of(offer)}
    assert {found[number].state for number in (3, 4, 45)} == {"wanted"}
    assert "do not say it yet" in found[4].why
    offer.kind = "open"
    assert {each.state for each in standing.of(offer) if each.item.number in (3, 4, 45)} == {"answered"}


def test_one_writes_and_another_looks(offer):
    ada, ben = make_user(), make_user()
    answering.answer(offer, number=BOARD, words="Seven people.", by=ada)
    assert (one(offer).state, one(offer).is_open) == ("answered", True)
    with pytest.raises(ValidationError, match="another officer must look"):
        look(offer, by=ada)
    review = look(offer, by=ben)
    assert look(offer, by=ben) == review  # twice is harmless
    assert (one(offer).state, one(offer).review.reviewed_by, one(offer).is_open) == ("reviewed", ben, False)


def test_another_answer_is_not_reviewed_and_the_stale_page_is_refused(offer):
    ada, ben = make_user(), make_user()
    answering.answer(offer, number=BOARD, words="Seven people.", by=ada)
    stale = one(offer).said_sha256
    look(offer, by=ben)
    answering.answer(offer, number=BOARD, words="Six people.", by=ada)
    assert (one(offer).state, one(offer).answer.edition) == ("answered", 2)
    with pytest.raises(ValidationError, match="has changed since you opened the page"):
        answering.review(offer, number=BOARD, said_sha256=stale, passed=True, by=ben)
    answering.answer(offer, number=BOARD, words="Six people.", by=ben)  # the same again is not another
    assert ChecklistAnswer.objects.filter(offer=offer).count() == 2


def test_what_is_sent_back_needs_an_answer_and_a_reason(offer):
    ada, ben = make_user(), make_user()
    answering.answer(offer, number=BOARD, words="Some people.", by=ada)
    with pytest.raises(ValidationError, match="Say what is missing"):
        look(offer, by=ben, passed=False)
    look(offer, by=ben, passed=False, note="Who are they?")
    assert (one(offer).state, one(offer).why, one(offer).is_open) == ("wanted", "Who are they?", True)
    look(offer, by=ben)
    assert one(offer).state == "reviewed"


def test_an_answer_taken_back_is_open_again(offer):
    ada, ben = make_user(), make_user()
    answering.answer(offer, number=BOARD, words="Seven.", by=ada)
    look(offer, by=ben)
    answering.answer(offer, number=BOARD, by=ada)
    assert (one(offer).state, one(offer).is_open) == ("wanted", True)
    with pytest.raises(ValidationError):
        answering.review(offer, number=BOARD, said_sha256="", passed=True, by=ben)


def test_a_heading_of_the_story_answers_until_what_stands_under_it_changes(offer):
    ada, ben = make_user(), make_user()
    with pytest.raises(ValidationError, match="no such heading"):
        answering.answer(offer, number=BOARD, heading="The board", by=ada)
    answering.answer(offer, number=BOARD, heading="The mill", by=ada)
    look(offer, by=ben)
    for text, state in [
        ("## The mill\n\nIt is old.\n\n### Its wheel\n\nTurns.\n\n## Later\n\nElse.", "reviewed"),
        ("## The mill\n\nIt is new.\n\n### Its wheel\n\nTurns.", "answered"),
        ("## The mill\n\nIt is old.\n\n### Its wheel\n\nStands.", "answered"),
        ("## The mill\n\n## Its wheel\n\nTurns.", "wanted"),
        ("It is old.", "wanted"),
    ]:
        offer.story = text
        assert one(offer).state == state, text


def test_papers_are_small_pdfs_and_stay_until_they_are_taken_away(offer):
    ada = make_user()
    for wrong in (b"PK\x03\x04", PLAN + bytes(answering.MOST_BYTES)):
        with pytest.raises(ValidationError, match="Choose a PDF"):
            answering.answer(offer, number=34, file=wrong, file_name="plan.pdf", by=ada)
    answering.answer(offer, number=34, file=PLAN, file_name="plan.pdf", by=ada)
    kept = answering.answer(offer, number=34, words="In the plan.", keep_file=True, by=ada)
    assert (bytes(kept.file), kept.file_name, kept.edition) == (PLAN, "plan.pdf", 2)
    gone = answering.answer(offer, number=34, words="In the plan.", by=ada)
    assert (gone.file, gone.file_name, gone.file_sha256) == (None, "", "")


@pytest.mark.parametrize("number", [1, 51])
def test_nothing_is_written_to_what_the_data_answer_or_nobody_asks(offer, number):
    with pytest.raises(ValidationError, match="Nothing is written"):
        answering.answer(offer, number=number, words="Hello.", by=make_user())


def test_nothing_is_published_while_a_hard_item_is_open():
    offer, ben = make_draft(is_answered=False), make_user()
    prepare(offer)
    lifecycle.approve_publication(offer, by=ben)
    with pytest.raises(RuleBroken) as refusal:
        lifecycle.publish(offer, by=ben, member_count=3)
    assert [(problem.rule, problem.level) for problem in refusal.value.problems] == [("OFF-4", "OFFER")]
    assert "14 Who runs the society" in refusal.value.problems[0].message


def test_an_open_advised_item_takes_a_reason():
    offer, ada, ben = make_draft(is_answered=False), make_user(), make_user()
    answering.answer_all(offer, lambda item: "Said." if item.is_must else "", by=ada, reviewed_by=ben)
    lifecycle.prepare_publication(offer, by=ada)
    lifecycle.approve_publication(offer, by=ben)
    with pytest.raises(RuleBroken, match="OFF-4: Good offers say this too, and this one does not: 9 Community"):
        lifecycle.publish(offer, by=ben, member_count=3)
    prepare(offer, by=ada)
    lifecycle.approve_publication(offer, by=ben)
    assert lifecycle.publish(offer, by=ben, member_count=3).state == "published"


def test_another_answer_voids_the_approval():
    offer, ada, ben = make_draft(), make_user(), make_user()
    prepare(offer, by=ada)
    lifecycle.approve_publication(offer, by=ben)
    answering.answer(offer, number=BOARD, words="Nobody.", by=ada)
    answering.review(offer, number=BOARD, said_sha256=one(offer).said_sha256, passed=True, by=ben)
    with pytest.raises(approvals.NotApproved, match="changed"):
        lifecycle.publish(offer, by=ben, member_count=3)


def test_what_is_said_is_frozen_with_the_version_and_stands():
    offer = make_offer()
    said = {row["item"]: row["words"] for row in OfferVersion.objects.get(offer=offer).text["says"]}
    assert said[BOARD] == "Said: Who runs the society."
    with pytest.raises(ValidationError, match="what it says stands"):
        answering.answer(offer, number=BOARD, words="Else.", by=make_user())
    with pytest.raises(ValidationError, match="what it says stands"):
        look(offer, by=make_user())


def test_a_word_that_may_not_be_said_is_found_in_an_answer_too():
    offer, ada, ben = make_draft(), make_user(), make_user()
    answering.answer(offer, number=BOARD, words="Your money is guaranteed.", by=ada)
    look(offer, by=ben)
    found = [answer.message for answer in lifecycle.checklist(offer, member_count=3) if answer.rule == "RSK-1"]
    assert "“guaranteed”" in "".join(found)


def test_a_review_of_one_society_is_not_anothers():
    offer, other = make_draft(), make_draft()
    assert ShareOffer.objects.count() == 2
    assert {row.answer.offer_id for row in ChecklistReview.objects.filter(society=offer.society)} == {offer.pk}
    assert one(other).state == "reviewed"


def test_headings_give_what_stands_under_them_and_an_anchor():
    text = "Before\n\n## One *more*\n\nFirst.\n\n### Inner\n\nSecond.\n\n## Two\n\n```\n## none\n```\n"
    assert story.sections(text) == {
        "One *more*": "First.\n\n### Inner\n\nSecond.",
        "Inner": "Second.",
        "Two": "```\n## none\n```",
    }
    assert '<h3 id="story-two">Two</h3>' in story.html(text)
    assert "<script" not in story.html('## <script>alert("x")</script>')
