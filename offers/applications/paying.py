"""When an application's money is there: it is paid, or a lapsed one is taken up again."""

from __future__ import annotations

from common import audit, clock, outbox
from compliance import amounts, application_money, decisions, eligibility
from compliance.answers import Answer, problems_in
from compliance.questions import CouldNotAsk
from offers import exposures, reservations, versions
from offers.applications.asking import Terms, cap_answers, limit_answers
from offers.choices import ApplicationState, Oversubscription
from offers.models import Application


def mark_paid(application: Application, *, at) -> None:
    """The money due is there, exactly. The caller holds the application's row; it must be waiting for payment."""
    _become_paid(application, at)
    outbox.post("application-paid", application, to=application.email, language=application.language)


def commit(application: Application) -> None:
    """Its payment is promised and is taken at the close. The caller holds the row; it must be waiting for payment."""
    application.state = ApplicationState.COMMITTED
    application.save(update_fields=["state"])
    outbox.post("application-committed", application, to=application.email, language=application.language)


def call_in(application: Application, *, pay_by_at) -> None:
    """A promise is not enough any more: the application waits for its payment until a moment. Its row is held."""
    application.state, application.pay_by_at = ApplicationState.AWAITING_PAYMENT, pay_by_at
    application.save(update_fields=["state", "pay_by_at"])


def _become_paid(application: Application, at) -> None:
    application.state, application.paid_at, application.ended_at = ApplicationState.PAID, at, None
    application.save(update_fields=["state", "paid_at", "ended_at"])


def unmark_paid(application: Application) -> None:
    """What had been recorded was not its money: it waits for payment again, for as many days as the offer gives.

    The caller holds the application's row; its room and its exposures are as they were.
    """
    again = clock.later(clock.now(), days=application.offer.transfer_days)
    application.state, application.paid_at = ApplicationState.AWAITING_PAYMENT, None
    application.pay_by_at = max(application.pay_by_at, again)
    application.save(update_fields=["state", "paid_at", "pay_by_at"])
    outbox.no_longer("application-paid", application)
    audit.note("application.unmark-paid", society_id=application.society_id, subject_id=application.pk)


def payment_problems(application: Application, locked: list) -> list[Answer]:
    """Why no money may be taken for an application that waits; recorded. None where it may be paid.

    Asks again what may have changed since it was submitted: the law's and the rules' limits as they are today, and
    whether the application is whole (OFF-4). `locked`: the exposures of everybody concerned, locked.
    """
    try:
        answers = _payment_answers(application, locked)
    except CouldNotAsk as refusal:
        return refusal.problems
    _record(application, answers, "pay")
    return problems_in(answers)


def _payment_answers(application: Application, locked: list) -> list[Answer]:
    offer, today = application.offer, clock.today()
    found = exposures.interests(locked, exposures.live_applications(locked, offer.pk))
    version, said = application.version, application.declarations
    return [
        *cap_answers(
            offer=offer,
            amount_pence=application.due_pence,
            interests=[interest.without(application.due_pence) for interest in found],
            rules=versions.rule_book(offer.society, today),
            on=today,
        ),
        application_money.application_whole(
            has_version=version is not None,
            version_sha256=version.sha256,
            risk_sha256=said.get("risk_sha256", ""),
            has_declared=application.submitted_at is not None,
        ),
    ]


def _record(application: Application, answers: list[Answer], occasion: str) -> None:
    decisions.record(
        answers,
        society_id=application.society_id,
        subject_id=application.pk,
        occasion=occasion,
        rules=application.offer.society.law(clock.today()),
    )


def revival_problems(application: Application, locked: list, *, in_time: bool) -> list[Answer]:
    """Why money for a lapsed application may not take it up again; recorded. Nothing is ever cut here.

    The offer must be open (or undecided, for money that the bank had `in_time`), the whole sum due must fit, and
    no limit of anybody concerned may be passed. `locked`: the exposures of everybody concerned, locked.
    """
    try:
        answers = _revival_answers(application, locked, in_time=in_time)
    except CouldNotAsk as refusal:
        return refusal.problems
    _record(application, answers, "revive")
    return problems_in(answers)


def _revival_answers(application: Application, locked: list, *, in_time: bool) -> list[Answer]:
    offer, today = application.offer, clock.today()
    rules = versions.rule_book(offer.society, today)
    is_open = not offer.is_decided() if in_time else offer.is_open()
    return [
        eligibility.offer_open(is_open=is_open, opens_on=offer.opens_on, closes_on=offer.closes_on, on=today),
        *limit_answers(
            offer=offer,
            terms=Terms.of(offer, application.postcode),
            amount_pence=application.due_pence,
            interests=exposures.interests(locked, exposures.live_applications(locked, offer.pk)),
            rules=rules,
            on=today,
        ),
        _fits(application),
    ]


def _fits(application: Application) -> Answer:
    offer = application.offer
    room = reservations.room_pence(offer)
    if offer.oversubscription != Oversubscription.FIRST_COME:
        room = offer.maximum_pence
    return amounts.cut_to_room(
        applied_pence=application.due_pence,
        room_pence=room,
        smallest_pence=application.smallest_pence,
        unit_pence=offer.multiple_of_pence,
        accept_less=False,
    )[1]


def revive(application: Application, locked: list, *, at, in_time: bool) -> bool:
    """Take a lapsed application up again as paid; False, with nothing written, if the room went meanwhile."""
    if not reservations.take(application.offer, application.due_pence, on=clock.today(), closed_too=in_time):
        return False
    cap = application.offer.society.law(clock.today()).figure("holding_cap_pence").value
    exposures.add_live(locked, application.due_pence, cap_pence=cap)
    _become_paid(application, at)
    audit.note("application.revive", society_id=application.society_id, subject_id=application.pk)
    outbox.post("application-paid", application, to=application.email, language=application.language)
    return True
