"""The minute of a decision: the sums, the working in words, who decided, and every application on its line."""

import io
import uuid
from contextlib import closing
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest
from django.utils.translation import override

from common import clock, references
from compliance import closing as rules
from members import allotment, minute_pdf
from members.allotment.working import Line, Working
from offers import lifecycle
from offers.models import Application, MatchCommitment
from payments import lapsing, receipts
from tests.factories import (
    applicant,
    close_and_decide,
    make_draft,
    make_offer,
    make_society,
    make_user,
    paid,
    person,
    prepare,
)
from tests.factories import submit as apply_for

pytestmark = pytest.mark.django_db


def pages(made: bytes) -> list[str]:
    """The text of each page, on one line."""
    with closing(pypdfium2.PdfDocument(made)) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return [" ".join(text.replace("\ufffe", "-").replace("\x02", "-").split()) for text in texts]


def minute_of(working) -> str:
    return " ".join(pages(minute_pdf.draw(working, decided_on=clock.today())))


def published(offer, *, match=None):
    """The draft with a match, if any, published by two people."""
    if match:
        MatchCommitment.objects.create(
            society=offer.society, offer=offer, position=1, **{"address": "1 Mill Lane"} | match
        )
    first, second = make_user(), make_user()
    prepare(offer, by=first)
    lifecycle.approve_publication(offer, by=second)
    return lifecycle.publish(offer, by=second, member_count=3)


def test_a_full_allotment_says_what_was_resolved_and_by_whom():
    offer = make_offer(title="The shop & the <b>yard</b>")
    first = paid(offer, 1_500_00, by_whom=applicant(person("Siân Ŵyn Llŷr-Jones")))
    paid(offer, 700_00, by_whom=applicant(person("<script>alert(1)</script>")))
    text = minute_of(close_and_decide(offer))
    for words in (
        offer.society.registered_name,
        f"The shop & the <b>yard</b>, decided on {clock.today():%-d %B %Y}",
        "The offer reached its minimum (£2,200 ≥ £1,000).",
        "That Ordinary shares of £1 to the sum of £2,200 be allotted to 2 applications",
        "£2,200 was to be shared out, within the maximum of £10,000, so all of it is met.",
        "In full 2 £2,200 £2,200 £0",
        f"1 {references.shown(first.reference)} Siân Ŵyn Llŷr-Jones £1,500 £1,500 £0",
        "<script>alert(1)</script> £700 £700 £0",
        "Together £2,200 £2,200 £0",
    ):
        assert words in text
    assert "Money that goes back" not in text
    assert "Draft" not in text


def test_it_names_the_two_who_decided_and_not_those_who_approved_something_else():
    offer = make_offer()
    paid(offer, 1_500_00)
    with clock.stopped(allotment.earliest(offer) + timedelta(microseconds=1)):
        first, second = make_user(name="Ann Secretary"), make_user(name="Bob Treasurer")
        allotment.prepare(offer, by=first)
        assert "Draft: this working has not been approved" in minute_of(allotment.work_out(offer))
        allotment.approve(offer, by=second)
        assert "Nobody yet." in minute_of(allotment.work_out(offer))
        working = allotment.decide(offer, on=clock.today(), by=second)
        text = minute_of(working)
        assert "Prepared by Ann Secretary" in text
        assert "Approved by Bob Treasurer" in text
        working.lines[0].allotted_pence -= 100
        assert "Bob Treasurer" not in minute_of(working)


def test_an_offer_cut_in_proportion_shows_the_working_and_what_goes_back():
    offer = make_offer(oversubscription="pro-rata", maximum_pence=2_000_00, optimum_pence=2_000_00)
    for _number in range(3):
        paid(offer, 1_000_00)
    text = minute_of(close_and_decide(offer))
    assert "£3,000 was to be shared out, £1,000 above the maximum of £2,000." in text
    assert "in proportion to what each paid above that, in whole steps of £1" in text
    assert "In part 3 £3,000 £2,000 £1,000" in text
    assert "That £1,000, which was paid in and not allotted, be paid back" in text
    assert "OFF-5: more was paid in than the maximum 3 £3,000 £2,000 £1,000" in text
    assert "£1,000 £667 £333 OFF-5" in text


def test_a_ceiling_is_named():
    offer = make_offer(oversubscription="cap-largest", maximum_pence=2_000_00, optimum_pence=2_000_00)
    for pounds in (300, 1_000, 1_401):
        paid(offer, pounds * 100)
    text = minute_of(close_and_decide(offer))
    assert "Nobody gets more than £850, the highest ceiling in whole steps of £1" in text


def test_areas_match_and_their_priorities_have_tables():
    tiers = [
        {"code": "near", "name": "The parish", "postcodes": ["NR11"], "priority": 1},
        {"code": "far", "name": "The county", "postcodes": ["IP"], "priority": 2},
    ]
    draft = make_draft(tiers=tiers, oversubscription="priority-tiers", maximum_pence=2_000_00, optimum_pence=2_000_00)
    match = {"name": "The Fund plc", "ratio_pence": 100, "cap_pence": 500_00, "kind": "organisation"}
    offer = published(draft, match=match)
    paid(offer, 1_500_00, postcode="NR11 7LG")
    paid(offer, 1_000_00, postcode="IP22 1AA")
    paid(offer, 200_00, postcode="EX1 1AA")
    text = minute_of(close_and_decide(offer))
    assert "The parish (priority 1) 1 £1,500 £1,500 £0" in text
    assert "The county (priority 2) 1 £1,000 £500 £500" in text
    assert "Outside every area 1 £200 £0 £200" in text
    assert "Areas are served in order of priority" in text
    assert "The Fund plc £1 £500 £500" in text
    assert "That shares to the sum of £500 be allotted to the institutions that match." in text


def test_a_ratio_shows_its_arithmetic():
    tiers = [{"code": "near", "postcodes": ["NR11"]}]
    offer = make_offer(tiers=tiers, ratio_tier="near", ratio_percent=50)
    paid(offer, 1_000_00, postcode="NR11 7LG")
    for _number in range(2):
        paid(offer, 400_00, postcode="EX1 1AA")
    text = minute_of(close_and_decide(offer))
    assert "At least 50% of applicants must be in area near. Inside it are 1, outside 2; so the first 1" in text
    assert "RAT-1: the ratio of members 1 £400 £0 £400" in text


def test_a_failed_offer_refunds_everybody():
    offer = make_offer(minimum_pence=5_000_00)
    paid(offer, 700_00)
    text = minute_of(close_and_decide(offer))
    assert "The offer did not reach its minimum (£700 < £5,000). That no shares be allotted" in text
    assert "OFF-2: the minimum was not reached 1 £700 £0 £700" in text


def test_sums_that_came_too_late_go_back_and_are_named():
    offer = make_offer()
    paid(offer, 1_500_00)
    late = apply_for(offer, 300_00)
    with clock.stopped(late.pay_by_at + timedelta(days=1)):
        lapsing.lapse_due()
        late.refresh_from_db()
        receipts.take(late, amount_pence=299_00, method="bank-transfer")
    text = minute_of(close_and_decide(offer))
    assert "AMT-1: sums for lapsed applications, not what was due 1 £299 £0 £299" in text


def test_an_offer_that_nobody_paid_for_has_a_minute_too():
    offer = make_offer(minimum_pence=1_000_00)
    text = minute_of(close_and_decide(offer))
    assert "No application had been paid." in text
    assert "Schedule of applications" not in text


def crowd(number: int) -> Working:
    """A decision on many applications that no table holds: only what the minute reads of them."""
    offer = make_offer(make_society(), maximum_pence=10_000_000_00, optimum_pence=10_000_000_00)
    lines = []
    for place in range(number):
        due_pence = 100_00 + place * 100
        name = f"Ann Applicant-Featherstonehaugh the {place}th" if place % 9 else "Long " * 40
        application = Application(
            id=uuid.uuid5(uuid.NAMESPACE_URL, str(place)), name=name, reference="7K3F9QX", due_pence=due_pence
        )
        answer = rules.allotted_in_full(due_pence=due_pence, allotted_pence=due_pence, strategy="first come")
        lines.append(Line(application, due_pence, [answer]))
    minimum = rules.minimum_reached(cleared_pence=1, minimum_pence=0)
    return Working(offer, lines, [], minimum)


def test_many_applications_run_over_many_pages_with_the_head_on_each():
    made = minute_pdf.draw(crowd(300), decided_on=clock.today())
    texts = pages(made)
    assert len(texts) > 5
    schedule = texts[texts.index(next(text for text in texts if "Schedule of applications" in text)) :]
    for number, text in enumerate(schedule[:-1]):
        assert "No. Reference Name Paid in Allotted Back Why" in text, number
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text
    assert "Ann Applicant-Featherstonehaugh the 299th" in " ".join(texts)


def test_the_same_decision_gives_the_same_bytes_tagged_and_without_anything_foreign():
    working = crowd(20)
    made = minute_pdf.draw(working, decided_on=clock.today())
    with override("cy"):
        assert minute_pdf.draw(working, decided_on=clock.today()) == made
    with pikepdf.open(io.BytesIO(made)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en-gb"
        assert str(document.docinfo["/Title"]).startswith("Minute of the decision on “The shop”")
