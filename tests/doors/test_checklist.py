"""The checklist on an officer's desk: written by one, looked at by another, read by applicants on the offer's page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from offers import lifecycle
from offers.checklist import answering, standing
from offers.choices import OfficerRole
from offers.models import ChecklistAnswer
from tests import factories

pytestmark = pytest.mark.django_db
PLAN = b"%PDF-1.7 a plan"


@pytest.fixture
def society():
    return factories.make_society(objects_text="A shop for the village.")


@pytest.fixture
def secretary(society):
    return factories.make_officer(society)


@pytest.fixture
def treasurer(society):
    return factories.make_officer(society, OfficerRole.TREASURER)


@pytest.fixture
def draft(society):
    return factories.make_draft(society, is_answered=False, story="## The plan\n\nWe buy the mill.")


@pytest.fixture
def desk(society, draft):
    return f"/office/{society.slug}/offers/{draft.slug}/"


def text(response) -> str:
    return response.content.decode()


def said(client, page: str) -> str:
    """The hidden hash of what the officer has before them."""
    return text(client.get(page)).split('name="said" value="')[1].split('"')[0]


def test_the_list_says_how_each_item_stands(client, desk, secretary):
    client.force_login(secretary)
    page = text(client.get(desk + "checklist/"))
    assert "22 of 50 are done." in page
    assert "11 that the offer must say are open, so it cannot be published yet." in page
    for words in ("14. Who runs the society", "Must be said", "Advised", "Not started", "Needs an answer", "Answered"):
        assert (words in page) == (words != "Needs an answer"), words


def test_an_item_is_written_by_one_and_looked_at_by_another(client, desk, draft, secretary, treasurer):
    page = desk + "checklist/14/"
    client.force_login(secretary)
    asked = text(client.get(page))
    assert "The offer must say this." in asked
    assert "Community Shares Handbook 4.2 (read in the sector’s guidance, which is not law)" in asked
    assert client.post(page, {"act": "save", "words": "- Ann\n- Bob"}).status_code == 302
    assert "Another officer must look at it." in text(client.get(page))
    assert "Does it say enough?" not in text(client.get(page))
    client.force_login(treasurer)
    before = said(client, page)
    sent = client.post(page, {"act": "send-back", "said": before, "note": ""})
    assert "Say what is missing or wrong." in text(sent)
    client.post(page, {"act": "send-back", "said": before, "note": "Say what they earn."})
    assert "Say what they earn." in text(client.get(desk + "checklist/"))
    client.force_login(secretary)
    client.post(page, {"act": "save", "words": "- Ann\n- Bob\n\nNobody is paid."})
    client.force_login(treasurer)
    stale = client.post(page, {"act": "review", "said": before}, follow=True)
    assert "The answer has changed since you opened the page." in text(stale)
    assert client.post(page, {"act": "review", "said": said(client, page)}).status_code == 302
    assert f"Reviewed by {treasurer} on" in text(client.get(desk + "checklist/"))
    assert '<h3 id="item-14">Who runs the society</h3>' in text(client.get(desk + "preview/"))
    assert f"{desk}preview/#item-14" in text(client.get(page))


def test_who_writes_does_not_review_even_by_the_bare_address(client, desk, draft, secretary):
    page = desk + "checklist/14/"
    client.force_login(secretary)
    client.post(page, {"act": "save", "words": "Ann."})
    one = next(one for one in standing.of(draft) if one.item.number == 14)
    refused = client.post(page, {"act": "review", "said": one.said_sha256}, follow=True)
    assert "You wrote this answer, so another officer must look at it." in text(refused)


def test_a_heading_of_the_story_is_an_answer_and_leads_there(client, desk, secretary):
    page = desk + "checklist/27/"
    client.force_login(secretary)
    client.post(page, {"act": "save", "heading": "The plan"})
    shown = text(client.get(page))
    assert "We buy the mill." in shown
    assert f"{desk}preview/#story-the-plan" in shown
    assert 'id="item-27"' not in text(client.get(desk + "preview/"))


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"url": "http://example.org/"}, "begins with https://"),
        ({"url": "https://"}, "Enter a valid URL"),
        ({"heading": "Another"}, "valid choice"),
        ({"file": SimpleUploadedFile("plan.pdf", b"PK\x03\x04")}, "This is not a PDF."),
        ({"file": SimpleUploadedFile("plan.pdf", PLAN + bytes(2_000_000))}, "larger than 2 MB"),
        ({"file": SimpleUploadedFile("plan.pdf", PLAN + bytes(3_000_000))}, "larger than 2 MB"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field_and_nothing_is_lost(client, desk, secretary, answers, words):
    client.force_login(secretary)
    page = client.post(desk + "checklist/34/", {"act": "save", "words": "Typed before."} | answers)
    assert words in text(page)
    assert "Typed before." in text(page)
    assert not ChecklistAnswer.objects.exists()


def test_a_paper_of_a_draft_is_the_officers_alone_until_it_is_published(client, society, desk, draft, secretary):
    client.force_login(secretary)
    plan = SimpleUploadedFile("Our plan.pdf", PLAN)
    assert client.post(desk + "checklist/34/", {"act": "save", "file": plan}).status_code == 302
    paper = client.get(desk + "checklist/34/paper.pdf")
    assert (paper.content, paper["Content-Type"]) == (PLAN, "application/pdf")
    assert paper["Content-Disposition"] == f'attachment; filename="{draft.slug}-34.pdf"'
    assert client.get(desk + "checklist/14/paper.pdf").status_code == 404
    public = f"/societies/{society.slug}/offers/{draft.slug}/"
    client.logout()
    assert client.get(public + "papers/34.pdf").status_code == 404
    assert client.get(public + "summary.pdf").status_code == 404


def test_a_published_paper_is_for_everybody(client):
    draft = factories.make_draft(is_answered=False)
    factories.make_officer(draft.society)
    ada, ben = factories.make_user(), factories.make_user()
    answering.answer(draft, number=34, file=PLAN, file_name="Our plan.pdf", by=ada)
    factories.answer_checklist(draft)
    factories.prepare(draft, by=ada)
    lifecycle.approve_publication(draft, by=ben)
    lifecycle.publish(draft, by=ben, member_count=3)
    public = f"/societies/{draft.society.slug}/offers/{draft.slug}/"
    assert "Our plan.pdf" in text(client.get(public))
    assert client.get(public + "papers/34.pdf").content == PLAN
    assert client.get(public + "papers/14.pdf").status_code == 404


def test_words_that_may_not_be_said_are_told_at_saving_with_why_and_another_word(client, desk, society, secretary):
    client.force_login(secretary)
    page = desk + "checklist/23/"
    client.post(page, {"act": "save", "words": "A dividend of 5% is guaranteed."})
    shown = text(client.get(page))
    notice = shown.split("Change the answer")[0]
    assert "“dividend”" in notice
    assert "A dividend is a share of profit. Say “interest”." in notice
    assert "“guaranteed”" in notice
    assert "js/wording.js" in shown
    assert 'data-word="guaranteed"' in shown


def test_an_auditor_reads_and_writes_nothing(client, society, desk, secretary):
    client.force_login(factories.make_officer(society, OfficerRole.AUDITOR))
    assert client.get(desk + "checklist/").status_code == 200
    page = client.get(desk + "checklist/14/")
    assert "Save the answer" not in text(page)
    assert client.post(desk + "checklist/14/", {"act": "save", "words": "x"}).status_code == 403
    assert client.get(desk + "checklist/51/").status_code == 404


def test_a_published_offers_checklist_is_read_only(client, society, secretary):
    offer = factories.make_offer(society)
    client.force_login(secretary)
    here = f"/office/{society.slug}/offers/{offer.slug}/checklist/"
    assert "Check and publish" not in text(client.get(here))
    refused = client.post(here + "14/", {"act": "save", "words": "Other."})
    assert "This offer has been published, so what it says stands." in text(refused)
    assert f"/societies/{society.slug}/offers/{offer.slug}/#item-14" in text(client.get(here + "14/"))
