"""A comparison with Stripe that an officer asks for: a row says that it is due and how far it is; the worker acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common import audit, clock, work
from offers.models import Society
from payments import earlier_accounts, reconciling
from payments.choices import ComparisonStep
from payments.models import ComparisonRequest

USUAL = timedelta(minutes=2)  # for the worker to begin, or for one step
GIVEN_UP_AFTER = timedelta(minutes=10)  # without a sign of life: the worker that had it is dead


def open_request(society: Society) -> ComparisonRequest | None:
    """What is asked for and not done yet."""
    rows = ComparisonRequest.objects.filter(society=society, ended_at=None)
    return rows.select_related("asked_by").first()


@transaction.atomic
def ask(society: Society, *, by) -> ComparisonRequest:
    """Ask for a comparison now; the one that is open already, if there is one. ValidationError without an account."""
    Society.objects.select_for_update(no_key=True).get(pk=society.pk)  # two officers at once ask for one
    if earlier := open_request(society):
        return earlier
    if not earlier_accounts.to_compare(society.pk):
        raise ValidationError(_("The society has no Stripe account, so there is nothing to compare with."))
    request = ComparisonRequest.objects.create(society=society, asked_at=clock.now(), asked_by=by)
    audit.note("stripe.compare", society_id=society.pk, subject_id=request.pk, by=by)
    work.soon("payments.tasks.compare_asked")
    return request


def run_asked() -> int:
    """Make every comparison that is asked for and that no living worker has in hand; how many."""
    done = 0
    while request := _take():
        reconciling.reconcile(request.society, request=request, tell=_teller(request))
        ComparisonRequest.objects.filter(pk=request.pk, society_id=request.society_id).update(ended_at=clock.now())
        done += 1
    return done


def _take() -> ComparisonRequest | None:
    """The oldest that waits, with a sign of life of ours, so that nobody else takes it."""
    now = clock.now()
    waits = Q(step_at=None) | Q(step_at__lt=now - GIVEN_UP_AFTER)
    with transaction.atomic():
        rows = ComparisonRequest.objects.select_for_update(skip_locked=True, of=("self",)).select_related("society")
        request = rows.filter(waits, ended_at=None).order_by("asked_at", "pk").first()
        if request:
            request.step, request.step_at = ComparisonStep.ATTEMPTS, now
            request.save(update_fields=["step", "step_at"])
    return request


def _teller(request: ComparisonRequest) -> Callable[[str, int], None]:
    rows = ComparisonRequest.objects.filter(pk=request.pk, society_id=request.society_id, ended_at=None)

    def tell(step: str, seen: int) -> None:
        rows.update(step=step, seen=seen, step_at=clock.now())

    return tell


def place_of(step: str) -> int:
    """Which of the steps one is, from 1; 0 for none."""
    return ComparisonStep.values.index(step) + 1 if step else 0
