"""Taking an application: the rules are asked under the lock, room is taken last, every answer is kept."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.db import IntegrityError, connection, transaction

from common import audit, clock, hot, outbox, references
from compliance import amounts, decisions, eligibility, risk
from compliance.answers import Answer, RuleBroken, problems_in
from offers import exposures, holders, reservations, unpaid, unpaid_keys, versions
from offers.applications.asking import Terms, holder_answers, limit_answers
from offers.choices import ONLINE
from offers.holders import Applicant
from offers.models import Application, ApplicationParty, RuleBook, ShareOffer

ONLINE_MINUTES = 31  # Stripe's page is open for half an hour, and a minute for the way back
MOVES = f"""
    SELECT offer.state, offer.closes_on, offer.closed_at, offer.taken_pence,
           (SELECT version.id FROM offers_offerversion version
            WHERE version.offer_id = offer.id AND version.society_id = offer.society_id
            ORDER BY version.number DESC LIMIT 1), book.*
    FROM offers_shareoffer offer LEFT JOIN LATERAL (
        SELECT {hot.columns(RuleBook, "row")} FROM offers_rulebook AS row {versions.IN_FORCE}
    ) AS book ON true
    WHERE offer.id = %s AND offer.society_id = %s
"""
TRIES = 4  # of taking the room that was left; the last one waits its turn


@dataclass(frozen=True)
class Details:
    """What an applicant said of themselves, copied into the application as it was on the day."""

    name: str
    address: str
    postcode: str = ""
    country: str = "GB"
    email: str = ""
    telephone: str = ""
    email_purposes: str = ""
    language: str = "en-gb"
    declarations: dict = field(default_factory=dict)


@dataclass
class _Ask:
    """One submission on its way through the verb."""

    offer: ShareOffer
    applicant: Applicant
    details: Details
    amount_pence: int
    accept_less: bool
    method: str
    submission: uuid.UUID
    by: object
    rules: object
    terms: Terms
    unpaid_keys: list[str]
    answers: list[Answer] = field(default_factory=list)


class _Refused(Exception):
    """Undoes what the attempt wrote; its answers are kept."""


class _RoomGone(Exception):
    """Somebody else took the room between our look and our update."""


class _AlreadyTaken(Exception):
    """The same form came in before."""


def submit(
    offer: ShareOffer,
    *,
    applicant: Applicant,
    details: Details,
    amount_pence: int,
    accept_less: bool,
    method: str,
    submission: uuid.UUID,
    by=None,
) -> Application:
    """Take an application, or raise RuleBroken with every reason why not.

    amount_pence: what is asked, before any cut; under first come, first served it may be cut to the room left where
    `accept_less`, and then `due_pence` says so. `submission` is the form's own key: a second call with it gives the
    first one's application. Every rule's answer is recorded, of refusals too. Asks: OPN-1, AMT-1, ADM-1, MEM-2,
    GRP-1, CAP-1, CAP-2, OFF-5, and UNP-1 of what is paid by hand.
    """
    rules = _refresh(offer)
    ask = _Ask(
        offer=offer,
        applicant=applicant,
        details=details,
        amount_pence=amount_pence,
        accept_less=accept_less,
        method=method,
        submission=submission,
        by=by,
        rules=rules,
        terms=Terms.of(offer, details.postcode),
        unpaid_keys=_unpaid_keys(applicant, details, by),
    )
    application = _take_with_retries(ask)
    if application is None:
        _record(ask, submission)
        raise RuleBroken(ask.answers)
    return application


def _refresh(offer: ShareOffer) -> RuleBook:
    """What may have moved since the offer was read, and today's rules; its terms stand once it is published."""
    with connection.cursor() as cursor:
        cursor.execute(MOVES, [offer.society_id, clock.today(), offer.pk, offer.society_id])
        found = cursor.fetchone()
    if found is None:
        raise ShareOffer.DoesNotExist(f"There is no offer {offer.pk} any more.")
    offer.state, offer.closes_on, offer.closed_at, offer.taken_pence, offer.current_version_id, *rules = found
    if rules[0] is None:
        raise RuleBook.DoesNotExist(f"No rules of society {offer.society_id} are registered yet.")
    return hot.instance(RuleBook, rules)


def _take_with_retries(ask: _Ask) -> Application | None:
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _take(ask, wait_for_room=attempt == TRIES - 1)
        except _Refused:
            return None
        except _AlreadyTaken:
            return _taken_before(ask)
        except IntegrityError:
            if earlier := _taken_before(ask):
                return earlier
            raise
        except _RoomGone:
            _refresh(ask.offer)
    raise AssertionError("the last try holds the offer's row, so its room cannot go")


def _taken_before(ask: _Ask) -> Application | None:
    same = {"society_id": ask.offer.society_id, "offer": ask.offer, "submission": ask.submission}
    return Application.objects.filter(**same).first()


def _take(ask: _Ask, *, wait_for_room: bool) -> Application:
    offer, society_id = ask.offer, ask.offer.society_id
    concerned = {party.identity: party.role for party in ask.applicant.concerned}
    locked = exposures.lock(society_id, ask.applicant.concerned)
    live = exposures.live_applications(locked.values(), offer.pk)
    if any(submission == ask.submission for _party, _application, submission, _due in live):
        raise _AlreadyTaken
    if wait_for_room:
        offer.refresh_from_db(from_queryset=ShareOffer.objects.select_for_update(no_key=True))
    due_pence = _ask_rules(ask, exposures.interests(locked.values(), live))
    parties = {identity: row.party for identity, row in locked.items()}
    known = not any(row.is_new for row in locked.values())
    holder = holders.make_holder(society_id, ask.applicant, parties, known=known)
    application = _new(ask, due_pence, holder)
    if ask.method not in ONLINE:
        _ask_what_waits(ask, application)
    interests = [
        ApplicationParty(society_id=society_id, application=application, party=parties[identity], role=role)
        for identity, role in concerned.items()
    ]
    hot.insert_both([application], interests)
    cap = offer.society.law(clock.today()).figure("holding_cap_pence").value
    exposures.add_live(locked.values(), due_pence, cap_pence=cap)
    outbox.post("application-received", application, to=application.email, language=application.language)
    if ask.by:
        audit.note("application.submit", society_id=society_id, subject_id=application.pk, by=ask.by)
    _record(ask, application.pk)
    if not reservations.take(offer, due_pence, on=clock.today()):
        raise _RoomGone
    return application


def _record(ask: _Ask, subject_id: uuid.UUID) -> None:
    decisions.record(
        ask.answers,
        society_id=ask.offer.society_id,
        subject_id=subject_id,
        occasion="apply",
        rules=ask.offer.society.law(clock.today()),
    )


def _ask_rules(ask: _Ask, interests: list) -> int:
    """Ask every rule; what is due in pence, or _Refused. OFF-5 is asked only where nothing else stands against it."""
    offer, today = ask.offer, clock.today()
    ask.answers = [
        eligibility.offer_open(is_open=offer.is_open(), opens_on=offer.opens_on, closes_on=offer.closes_on, on=today),
        *limit_answers(
            offer=offer,
            terms=ask.terms,
            amount_pence=ask.amount_pence,
            interests=interests,
            rules=ask.rules,
            on=today,
        ),
        *holder_answers(
            kind=ask.applicant.kind,
            people=ask.applicant.people,
            born_on=ask.applicant.parties[0].born_on,
            on=today,
            rules=ask.rules,
        ),
    ]
    if problems_in(ask.answers):
        raise _Refused
    due_pence, answer = amounts.cut_to_room(
        applied_pence=ask.amount_pence,
        room_pence=reservations.room_pence(offer),
        smallest_pence=ask.terms.smallest_pence,
        unit_pence=offer.multiple_of_pence,
        accept_less=ask.accept_less,
    )
    ask.answers.append(answer)
    if not due_pence:
        raise _Refused
    return due_pence


def _unpaid_keys(applicant: Applicant, details: Details, by) -> list[str]:
    emails = {details.email, *(party.email for party in applicant.parties)}
    where = {"address": details.address, "postcode": details.postcode, "country": details.country}
    return unpaid_keys.of(emails=emails, **where, account_id=by and by.pk)


def _ask_what_waits(ask: _Ask, application: Application) -> None:
    """UNP-1, or _Refused. Asked when every party is written, since it locks: whoever waits for its keys holds none."""
    asked = {"keys": ask.unpaid_keys, "due_pence": application.due_pence, "but": application.pk}
    answer = unpaid.answer(ask.offer, **asked)
    if answer is not None:
        ask.answers.append(answer)
        if not answer.passed:
            raise _Refused


def _new(ask: _Ask, due_pence: int, holder) -> Application:
    now, details, offer = clock.now(), ask.details, ask.offer
    waits = {"minutes": ONLINE_MINUTES} if ask.method in ONLINE else {"days": offer.transfer_days}
    return Application(
        society_id=offer.society_id,
        offer=offer,
        version_id=offer.current_version_id,
        holder=holder,
        reference=references.new(),
        submission=ask.submission,
        name=details.name,
        address=details.address,
        postcode=details.postcode,
        country=details.country,
        email=details.email,
        telephone=details.telephone,
        email_purposes=details.email_purposes,
        language=details.language,
        declarations=details.declarations | {"risk_version": risk.VERSION, "risk_sha256": risk.sha256()},
        tier=ask.terms.tier,
        applied_pence=ask.amount_pence,
        due_pence=due_pence,
        smallest_pence=ask.terms.smallest_pence,
        accept_less=ask.accept_less,
        method=ask.method,
        submitted_at=now,
        submitted_by=ask.by,
        pay_by_at=clock.later(now, **waits),
        cancel_by_at=clock.later(now, days=offer.cooling_off_days),
        unpaid_keys=ask.unpaid_keys,
    )
