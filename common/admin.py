"""The administration: tables that staff look at and never change, whatever rights they were given."""

from django.contrib import admin

from common.models import AuditEvent, OutgoingMail


class LookOnly(admin.ModelAdmin):
    """Money, ledgers, decisions and papers: the verbs write them, under their locks, and nobody else."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AuditEvent, OutgoingMail)
class Records(LookOnly):
    """Who did what, and what was sent."""
