"""One world for all cases: every table has a row. It is made once, by the tables' owner, and never committed."""

import dataclasses
from datetime import timedelta

import pytest
from django.db import connection

from common import clock, ids, shared_cache
from common.models import OutgoingMail
from compliance.models import Approval, Certificate, CertificateEnd
from members import details, freezes, inspections, ledger, particulars_requests, seals, signing_keys
from members.models import (
    Invitation,
    LedgerEntry,
    MembershipChange,
    OfficeHeld,
    OtherProperty,
    SealedDownload,
)
from members.register_acts import Paper
from offers import likely_same
from offers.models import (
    Application,
    ChecklistAnswer,
    ChecklistReview,
    MatchCommitment,
    Officer,
    Party,
    ShareOffer,
    Tier,
)
from payments import batches, cancellations, paper_money, payees, receipts, undoing
from payments.models import (
    BankLine,
    CheckoutAttempt,
    ComparisonRequest,
    Dispute,
    LineDecision,
    PaperMoney,
    Payout,
    Promise,
    Receipt,
    Reconciliation,
    Refund,
    StatementImport,
    StripeAccount,
    StripeEvent,
    StripeEventOutcome,
    StripeEventTurn,
    SuspenseItem,
)
from payments.statements import deciding, importing
from payments.statements.csv_maps import KNOWN
from tests import worlds
from tests.constraints.seeing import MODELS
from tests.factories import (
    close_and_decide,
    connect,
    make_draft,
    make_offer,
    make_officer,
    make_society,
    make_user,
    paid,
    submit,
    take,
)
from tests.payments.statements.making import arrived, make_account, pay_by_hand


class World:
    """The rows that wrong ones are copied from."""

    def __init__(self):
        self.society, self.officer = make_society(), make_user()
        self.rows = {}
        self._offers()
        self._money()
        self._papers()
        self._statutory()
        self._bank()
        make_society()  # another one, for what may not be shared
        self.rows |= {model: model._base_manager.order_by("pk").first() for model in MODELS if model not in self.rows}

    def row(self, model):
        return self.rows[model]

    def rest(self, model, *names: str) -> None:
        """Let these triggers of a model rest, and no others, to the end of the savepoint: to see what is behind."""
        resting = ",".join(t.get_pgid(model) for t in model._meta.triggers if t.name in names)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{resting}}}"])

    def publish(self, model) -> None:
        """The offer of the model's row, published past the verbs, to the end of the savepoint."""
        ShareOffer.objects.filter(pk=self.rows[model].offer_id).update(state="published")

    def _offers(self) -> None:
        area = {"code": "A", "postcodes": ["PA20"]}
        self.rows[ShareOffer] = self.offer = make_offer(self.society, tiers=[area])
        draft = make_draft(self.society, tiers=[area])
        self.rows[Tier] = draft.tiers.get()
        self.rows[MatchCommitment] = MatchCommitment.objects.create(
            society=self.society, offer=draft, name="Fund", kind="registered-society", ratio_pence=100, cap_pence=100_00
        )
        self.rows[ChecklistAnswer] = draft.answers.first()
        self.rows[ChecklistReview] = self.rows[ChecklistAnswer].reviews.get()
        decided = make_offer(self.society)
        for _ in range(3):
            paid(decided)
        close_and_decide(decided)
        entries = LedgerEntry.objects.filter(offer=decided)
        ledger.reverse(entries.first(), reason="Entered by mistake.", by=self.officer)
        self.rows[LedgerEntry] = entries.filter(kind="allotment").last()
        self.rows[Application] = Application.objects.filter(state="allotted").first()
        self.rows[Approval] = Approval.objects.exclude(used_at=None).first()

    def _money(self) -> None:
        application = submit(self.offer, method="card", postcode="PA20 1AA")
        account = connect(self.society, "acct_1")
        StripeAccount.objects.filter(pk=account.pk).update(idempotency_key="account:1")
        attempt = CheckoutAttempt.objects.create(
            society=self.society, application=application, number=1, account_id="acct_1", state="open",
            amount_pence=application.due_pence, idempotency_key="key", session_id="cs_1", created_at=clock.now(),
            expires_at=clock.now(),
        )  # fmt: skip
        receipts.take(application, amount_pence=application.due_pence, method="card", attempt=attempt)
        Promise.objects.create(
            society=self.society, application=application, number=1, account_id="acct_1", state="held",
            amount_pence=application.due_pence, idempotency_key="promise", session_id="cs_2", customer_id="cus_1",
            method_id="pm_1", created_at=clock.now(), expires_at=clock.now(), promised_at=clock.now(),
            attempt=attempt,
        )  # fmt: skip
        self.rows[Receipt] = Receipt.objects.get(attempt=attempt)
        self.rows[Refund] = Refund.objects.create(
            society=self.society, receipt=self.rows[Receipt], application=application, amount_pence=1_00,
            rule="AMT-1", reason="Too much.", way="stripe", due_at=clock.now(), stripe_id="re_1",
        )  # fmt: skip
        self._a_receipt_undone()
        self._file_of_refunds()
        cheque = paper_money.record(
            submit(self.offer, method="cheque", postcode="PA20 1AA"), amount_pence=500_00, method="cheque",
            received_on=clock.today(), by=self.officer,
        )  # fmt: skip
        wrong = {"amount_pence": 5_00, "method": "cheque", "received_on": clock.today(), "by": self.officer}
        row = paper_money.record(cheque.application, **wrong)
        paper_money.correct(row, **wrong | {"amount_pence": 6_00}, key=ids.uuid7())
        self.rows[PaperMoney] = paper_money.confirm(cheque, banked_on=clock.today(), by=make_user()).paper_money
        event = StripeEvent.objects.create(event_id="evt_1", type="x", received_at=clock.now())
        StripeEventOutcome.objects.create(event=event, outcome="looked", done_at=clock.now())
        StripeEventTurn.objects.create(event=event, next_try_at=clock.now())
        self._at_stripe(attempt)

    def _at_stripe(self, attempt) -> None:
        """What is kept of Stripe's own lists; the receipt above has made a set of postings."""
        now, of = clock.now(), {"society": self.society, "account_id": "acct_1"}
        Dispute.objects.create(
            **of, attempt=attempt, stripe_id="du_1", charge_id="ch_1", amount_pence=1_00, reason="general",
            state="open", created_at=now, looked_at=now,
        )  # fmt: skip
        Payout.objects.create(
            **of, stripe_id="po_1", amount_pence=1_00, state="pending", is_automatic=False, created_at=now,
            arrives_on=clock.today(), looked_at=now,
        )  # fmt: skip
        SuspenseItem.objects.create(
            **of, kind="dispute", subject="du_1", application=attempt.application, opened_at=now, taken_at=now,
            taken_by=self.officer,
        )  # fmt: skip
        asked = ComparisonRequest.objects.create(society=self.society, asked_at=now, asked_by=self.officer)
        Reconciliation.objects.create(
            **of, request=asked, began_at=now, ended_at=now, ledger_pence=0, stripe_pence=0
        )  # fmt: skip

    def _bank(self) -> None:
        """Lines of each kind: for an application, paying a refund back, kept, and one that nobody has decided."""
        account = make_account(self.society)
        importing.save_map(self.society, name="Ours", spec=KNOWN["Xero"], by=self.officer)
        importing.upload(account, file_name="a.csv", content=b"Date,Amount", by=self.officer)
        application = submit(self.offer)
        came = arrived(self.society, 500_00, account=account)
        deciding.accept(came, parts=[(application.pk, 500_00)], by=self.officer)
        cancellations.cancel(application)
        refund = Refund.objects.get(application=application)
        went = arrived(self.society, -500_00, account=account)
        pay_by_hand(refund)
        deciding.match_refunds(went, paid=[refund.pk], by=self.officer)
        self.waits = arrived(self.society, 700_00, account=account, text="waits")
        self.numbered = arrived(self.society, 7_00, account=account, bank_reference="N1")
        self.returned = arrived(self.society, -7_00, account=account)
        deciding.match_sent_back(self.returned, came_in=self.numbered, by=self.officer)
        deciding.match_payout(arrived(self.society, 1_00, account=account), Payout.objects.get(), by=self.officer)
        self.rows |= {BankLine: self.waits, LineDecision: deciding.newest(came)}
        self.rows[StatementImport] = self.waits.statement

    def _a_receipt_undone(self) -> None:
        receipt = take(submit(self.offer, postcode="PA20 1AA"), 1_00)
        undoing.prepare(receipt, reason="Another's.", by=self.officer)
        undoing.approve(receipt, by=make_user())

    def _file_of_refunds(self) -> None:
        self.society.bank_sort_code, self.society.bank_account = "200000", "12345678"
        self.society.save()
        row = cancellations.cancel(paid(self.offer, postcode="PA20 1AA")).refunds.get()
        payees.give(row.application, account_name="A", sort_code="309430", account_number="00733445")
        friday = clock.today() + timedelta(days=(4 - clock.today().weekday()) % 7)
        batches.prepare(self.society, refund_ids=[row.pk], bank_format="bacs-csv", pay_on=friday, by=self.officer)

    def _papers(self) -> None:
        Officer.objects.filter(society=self.society).exists() or make_officer(self.society)
        seals.seal(self.society)
        signing_keys.signer(self.society.pk)
        Invitation.objects.create(
            society=self.society, email="new@example.org", role="board", invited_at=clock.now(),
            invited_by=self.officer, expires_at=clock.now(),
        )  # fmt: skip
        old, new = Certificate.objects.order_by("number")[:2]
        CertificateEnd.objects.create(
            society=self.society, certificate=old, kind="replaced", replaced_by=new, reason="Lost.",
            ended_at=clock.now(), ended_by=self.officer,
        )  # fmt: skip
        self.rows[Certificate] = old
        self.rows[Party] = Party.objects.filter(kind="person").first()
        one, other = Party.objects.filter(kind="person", society=self.society)[:2]
        likely_same.tell_apart(self.society, one, other, reason="Spoke to both.", by=self.officer)
        self.rows[OutgoingMail] = OutgoingMail.objects.first()
        shared_cache.count({"tries": timedelta(hours=1)})

    def _statutory(self) -> None:
        member = self.rows[LedgerEntry].member
        known = {"society": self.society, "effective_on": clock.today(), "recorded_at": clock.now()}
        MembershipChange.objects.create(member=member, kind="ceased", reason="Left.", **known)
        OtherProperty.objects.create(member=member, kind="loan", description="A loan", amount_pence=100_00, **known)
        OfficeHeld.objects.create(name="Ada", address="1 Lane", office="Chair", took_office_on=clock.today(), **known)
        SealedDownload.objects.create(
            society=self.society, what="register", kind="csv", parameters={}, rows=0, totals={}, size=0,
            sha256="0" * 64, head_seq=0, head_hash="0" * 64, sealed_at=clock.now(), sealed_by=self.officer,
        )  # fmt: skip
        inspections.begin(self.society, asked_by_name="Bea", capacity="member", reason="Not given.", on=clock.today(),
                          by=self.officer)  # fmt: skip
        asked = particulars_requests.ask(member, by=self.officer)
        particulars_requests.answer(asked, address="2 Lane", postcode="", country="GB", email="", email_purposes="")
        particulars_requests.accept(asked, on=clock.today(), by=self.officer)
        self._acts_of_two(LedgerEntry.objects.filter(society=self.society, kind="founding").first().member)

    def _acts_of_two(self, member) -> None:
        """A change that waits, a freeze that ended and one that stands."""
        one, other = make_officer(self.society), make_officer(self.society)
        told = dataclasses.replace(details.Details.of(details.newest(member)), name="Another")
        paper = Paper(name="a.pdf", content=b"%PDF-1.7")
        details.ask(member, told, on=clock.today(), reason="A letter.", paper=paper, by=one)
        ended = freezes.freeze(member, ground="dispute", reason="A letter.", by=one)
        freezes.end(ended, approval_id=freezes.prepare_end(ended, reason="Settled.", by=one).pk, by=other)
        self.frozen = freezes.freeze(member, ground="death", reason="A letter.", by=one)


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker):
    """The world, under the owner's role: what refuses there is no missing right but the fence itself."""
    with django_db_blocker.unblock(), worlds.owned():
        found = World()
        worlds.run("SET CONSTRAINTS ALL IMMEDIATE")
        yield found
