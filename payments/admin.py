"""The administration of payments: all of it is read only, but for the account at Stripe that a society connects."""

from django.contrib import admin

from common.admin import LookOnly
from payments.models import CheckoutAttempt, Receipt, Refund, StripeAccount, StripeEvent, StripeEventOutcome


@admin.register(CheckoutAttempt, Receipt, Refund)
class Records(LookOnly):
    """Money in and money back."""

    list_select_related = ("society", "application")
    list_filter = ("society",)
    raw_id_fields = ("application",)


@admin.register(StripeEvent, StripeEventOutcome)
class Events(LookOnly):
    """What Stripe told us."""


@admin.register(StripeAccount)
class Accounts(admin.ModelAdmin):
    """Connected by the staff of the site until a society can do it by itself; never deleted."""

    list_display = ("society", "account_id", "connected_at")

    def has_delete_permission(self, request, obj=None):
        return False
