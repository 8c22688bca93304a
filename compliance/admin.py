"""The administration of the whole site: what staff may look at of compliance. Nothing here is changed."""

from django.contrib import admin

from common.admin import LookOnly
from compliance.models import Approval, Certificate, CertificateEnd, Decision, Override


@admin.register(Approval, Certificate, CertificateEnd, Decision, Override)
class Records(LookOnly):
    list_select_related = ("society",)
    list_filter = ("society",)
