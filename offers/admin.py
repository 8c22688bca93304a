"""The administration of offers: staff enter a society, its rules, its classes of share and its first officers."""

from django.contrib import admin
from django.db import models

from common import clock
from common.admin import LookOnly
from offers.models import (
    Application,
    Exposure,
    Holder,
    KnownApart,
    OfferVersion,
    Officer,
    Party,
    RuleBook,
    ShareClass,
    ShareOffer,
    Society,
)


class Kept(admin.ModelAdmin):
    """May be entered and changed, and never deleted: other rows stand on it."""

    def has_delete_permission(self, request, obj=None):
        return False


class RuleBooks(admin.StackedInline):
    """The first rules of a society. They are only ever added; its officers record amendments, by two."""

    model = RuleBook
    extra = 0
    can_delete = False

    def has_change_permission(self, request, obj=None):
        return False


class ShareClasses(admin.TabularInline):
    model = ShareClass
    extra = 0
    can_delete = False


@admin.register(Society)
class Societies(Kept):
    """A society with its rules and its classes of share."""

    list_display = ("registered_name", "register_number", "legal_form", "jurisdiction")
    search_fields = ("registered_name", "register_number")
    prepopulated_fields = {"slug": ("registered_name",)}
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [RuleBooks, ShareClasses]

    def get_readonly_fields(self, request, obj=None):
        """Staff may enter a first bank account with the society; two of its officers change it, on their desk."""
        return ("bank_name", "bank_sort_code", "bank_account") if obj and obj.bank_account else ()


@admin.register(Officer)
class Officers(Kept):
    """Staff appoint a society's first secretary; from then on its own officers invite."""

    list_display = ("society", "user", "role", "appointed_at", "ended_at")
    fields = ("society", "user", "role")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.appointed_at, obj.appointed_by = clock.now(), request.user
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Application, Exposure, Holder, KnownApart, OfferVersion, Party, ShareOffer)
class Records(LookOnly):
    """What the officers' desk and the verbs write."""

    list_select_related = ("society",)
    list_filter = ("society",)
