"""The administration of members: people who sign in may be helped; the register and the ledger are only looked at."""

from django.contrib import admin

from common.admin import LookOnly
from members.models import (
    Inspection,
    Invitation,
    LedgerEntry,
    Member,
    MembershipChange,
    OfficeHeld,
    OtherProperty,
    Particulars,
    ParticularsRequest,
    SealedDownload,
    User,
)


@admin.register(
    LedgerEntry,
    Member,
    Particulars,
    Invitation,
    Inspection,
    MembershipChange,
    OfficeHeld,
    OtherProperty,
    ParticularsRequest,
    SealedDownload,
)
class Records(LookOnly):
    """The register and the ledger."""

    list_select_related = ("society",)
    list_filter = ("society",)


@admin.register(User)
class Users(admin.ModelAdmin):
    """Whether somebody may sign in, and who is staff. Passwords are set by their owners only."""

    list_display = ("email", "name", "is_active", "is_staff")
    search_fields = ("email", "name")
    fields = ("email", "name", "is_active", "is_staff", "is_superuser", "groups", "last_login", "joined_at")
    readonly_fields = ("email", "last_login", "joined_at")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
