"""Every text that people may write is a formula, and no download of ours has a live cell."""

import pytest

from common.exports import TEXT, Table
from members import register
from members.rehearsal import papers
from offers.models import ShareClass, ShareOffer
from tests import worlds
from tests.factories import close_and_decide, make_offer, paid
from tests.members.test_exports import as_csv, sheet


@pytest.fixture
def hostile(django_db_setup, django_db_blocker):
    """An offer whose every text, wherever people may write one, is a formula."""
    with django_db_blocker.unblock(), worlds.owned():
        offer = make_offer(title="=TITLE()")
        paid(offer, 1_000_00)
        paid(offer, 2_00_00, accept_less=True)
        close_and_decide(offer)
        worlds.take_the_fences_down()
        fields = ("name", "joint_names", "representative", "address", "postcode", "country", "email_purposes", "email")
        worlds.run(f"UPDATE members_particulars SET {', '.join(f'{field} = %s' for field in fields)}",
                   params=[f"={field[:1]}" for field in fields])  # fmt: skip
        worlds.run("UPDATE members_ledgerentry SET authority = '@cmd'")
        worlds.run("UPDATE payments_refund SET reason = '-reason'")
        worlds.run("UPDATE compliance_decision SET message = '+message', arithmetic = '=1', source = '=2'")
        ShareClass.objects.update(name="=CLASS()")
        yield ShareOffer.objects.get().society


def live(text: str) -> bool:
    return text.lstrip()[:1] in {"=", "+", "-", "@"}


def test_no_download_of_ours_has_a_live_cell(hostile):
    of_society = {"society": hostile.pk}
    downloads = {
        "register": register.statutory(hostile),
        "inspection": register.inspection_copy(hostile),
        "ledger": register.ledger(hostile),
        "decisions": Table(papers.DECISIONS, papers.DECISIONS_FROM, "decision.decided_at, decision.id", of_society),
    }
    for name, table in downloads.items():
        kinds = {column.heading: column.kind for column in table.columns}
        rows = as_csv(table)
        assert any(cell.startswith("'") for row in rows for cell in row.values()), name
        assert [(heading, cell) for row in rows for heading, cell in row.items()
                if kinds[heading] == TEXT and live(cell)] == []  # fmt: skip
        assert {cell.data_type for row in sheet(table).iter_rows() for cell in row} <= {"s", "n", "d"}
