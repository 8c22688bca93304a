"""The door for Stripe's webhooks: check the signature, keep the event, answer. The work comes after."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common import work
from payments import gateway, webhooks


@login_not_required
@csrf_exempt
@require_POST
def webhook(request):
    """200 once the event is kept; 400 for a bad signature, 503 while no secret is set. The body is read unparsed."""
    return _keep(request, gateway.verified_event)


@login_not_required
@csrf_exempt
@require_POST
def accounts(request):
    """The same for the thin events of the v2 API, which say that an account has changed and nothing more."""
    return _keep(request, gateway.verified_notification)


def _keep(request, verified):
    if not settings.STRIPE_WEBHOOK_SECRETS:
        return HttpResponse(status=503)
    try:
        event = verified(request.body, request.headers.get("Stripe-Signature", ""))
    except gateway.NotFromStripe:
        return HttpResponse(status=400)
    webhooks.store(event)
    work.soon("payments.tasks.work_through_events")
    return HttpResponse(status=200)
