"""Writing an allotment: who becomes a member, what the ledger says, which certificates are issued."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import date

from common import clock, outbox
from common.models import OutgoingMail
from compliance.models import Certificate
from members import certificates, ledger, membership
from members.allotment import postings
from members.allotment.working import Working
from members.models import Numbering
from offers.choices import ApplicationState
from offers.models import Application, Exposure


def grant(working: Working, numbers: Numbering, exposures: dict[uuid.UUID, Exposure], *, on: date, by) -> None:
    """Enter members, post entries, issue one certificate a holder, and end every paid application."""
    granted = [line for line in working.lines if line.allotted_pence]
    matched = postings.matching_holders(working)
    entries = postings.register_entries(granted) + [entry for entry, _party in matched]
    members = membership.enter(numbers, entries, on=on, by=by)
    said = membership.newest_particulars(numbers.society_id, list(members.values()))
    interests = postings.interests(working)
    movements = postings.of_lines(working, granted, members, said, interests, on)
    movements += postings.of_matches(working, matched, members, said, on)
    movements = certificates.numbered(movements, numbers)
    chained = ledger.chained(numbers, movements, by=by)
    issued = certificates.issue(working.offer, movements, chained, said, on=on)
    ledger.write(numbers, chained, movements, issued)
    _move_exposures(working, exposures, interests)
    held = {party.pk: match.amount_pence for match, (_entry, party) in zip(working.matches, matched, strict=True)}
    ledger.change_held(numbers.society_id, held, beyond_limit=True)
    _end_applications(working)
    _tell(working, movements, issued)


def refuse_all(working: Working, exposures: dict[uuid.UUID, Exposure]) -> None:
    """The minimum was not reached: no application is allotted anything, and none counts for the caps any more."""
    _move_exposures(working, exposures, postings.interests(working))
    _end_applications(working)


def _move_exposures(working: Working, exposures: dict, interests: dict) -> None:
    """From waiting to held, for everybody concerned; the rows are locked."""
    changed = {}
    for line in working.lines:
        for party_id in interests[line.application.pk]:
            row = changed.setdefault(party_id, exposures[party_id])
            row.live_pence -= line.application.due_pence
            row.held_pence += line.allotted_pence
    Exposure.objects.bulk_update(changed.values(), ["live_pence", "held_pence"], batch_size=500)


def _end_applications(working: Working) -> None:
    moment = clock.now()
    for line in working.lines:
        application = line.application
        application.allotted_pence, application.ended_at = line.allotted_pence, moment
        application.state = ApplicationState.ALLOTTED if line.allotted_pence else ApplicationState.REFUNDED
    Application.objects.bulk_update(
        [line.application for line in working.lines], ["state", "allotted_pence", "ended_at"], batch_size=500
    )


def _tell(working: Working, movements: list, issued: dict[int, Certificate]) -> None:
    """One message with the certificate to each holder who gave an address."""
    by_application = {line.application.pk: line.application for line in working.lines}
    to = defaultdict(list)
    for movement in movements:
        if movement.application_id and by_application[movement.application_id].email:
            to[movement.certificate_number].append(by_application[movement.application_id])
    now = clock.now()
    outbox.post_all(
        [
            OutgoingMail(
                society_id=working.offer.society_id,
                kind="shares-allotted",
                subject_id=issued[number].pk,
                to=applications[0].email,
                language=applications[0].language,
                due_at=now,
                next_try_at=now,
            )
            for number, applications in to.items()
        ]
    )
