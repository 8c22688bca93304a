"""The administration of payments: all of it is read only, but for the account at Stripe that a society connects."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import LookOnly
from payments import settling, suspense
from payments.models import (
    CheckoutAttempt,
    Dispute,
    Payout,
    PostingSet,
    Receipt,
    Reconciliation,
    Refund,
    StripeAccount,
    StripeEvent,
    StripeEventOutcome,
    StripeEventTurn,
    SuspenseItem,
)


@admin.register(CheckoutAttempt, Receipt, Refund)
class Records(LookOnly):
    """Money in and money back."""

    list_select_related = ("society", "application")
    list_filter = ("society",)
    raw_id_fields = ("application",)


@admin.register(Dispute, Payout, PostingSet, Reconciliation)
class AtStripe(LookOnly):
    """What Stripe has of the societies', and how their books compare with it."""

    list_select_related = ("society",)
    list_filter = ("society",)


@admin.register(StripeEvent)
class Events(LookOnly):
    """What Stripe told us."""

    list_display = ("event_id", "type", "account_id", "received_at")
    list_filter = ("type",)


@admin.register(StripeEventOutcome)
class Outcomes(LookOnly):
    """What came of each event, and how often: what was left, and why, is counted here."""

    list_display = ("event_id", "outcome", "done_at")
    list_filter = ("outcome",)


@admin.register(StripeEventTurn)
class Turns(LookOnly):
    """Events that wait for their next turn, and what went wrong in the last one."""

    list_display = ("event_id", "tries", "next_try_at", "last_error")
    list_filter = (("next_try_at", admin.EmptyFieldListFilter),)


@admin.register(SuspenseItem)
class Exceptions(LookOnly):
    """What waits for a person. A society's are on its officers' desk; the staff of the site take and resolve theirs."""

    list_display = ("kind", "subject", "society", "opened_at", "taken_by", "resolved_at")
    list_filter = (("resolved_at", admin.EmptyFieldListFilter), "kind", ("society", admin.EmptyFieldListFilter))
    list_select_related = ("society", "taken_by")
    raw_id_fields = ("application",)
    actions = ("take", "resolve")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("application")

    @admin.action(description=_("I look after these"), permissions=["view"])
    def take(self, request, queryset):
        """Only what has no society: an officer looks after the rest."""
        for item in queryset.filter(society=None, resolved_at=None):
            suspense.take(item, by=request.user)

    @admin.action(description=_("Resolved: nothing was to be done for a society"), permissions=["view"])
    def resolve(self, request, queryset):
        for item in queryset.filter(society=None, resolved_at=None):
            settling.resolve(item, "Looked into by the staff of the site.", by=request.user)


@admin.register(StripeAccount)
class Accounts(admin.ModelAdmin):
    """Connected by the staff of the site until a society can do it by itself; never deleted."""

    list_display = ("society", "account_id", "connected_at")

    def has_delete_permission(self, request, obj=None):
        return False
