"""Where money goes back to that did not come through Stripe: the payer's own bank details."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from common.rows import SocietyRow
from offers.models import Application


class PayeeAccount(SocietyRow):
    """The bank account to which an applicant's money goes back. Shown masked, written whole into a bank's file only.

    `version` counts the changes, so that an approval can name what it saw without holding the numbers. `given_by`: the
    officer who entered them; nobody where the applicant did, behind their own link.
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="payee")
    account_name = models.CharField(max_length=70)
    sort_code = models.CharField(max_length=6)
    account_number = models.CharField(max_length=8)
    roll_number = models.CharField(max_length=18, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sort_code__regex=r"^[0-9]{6}$"), name="payee_sort_code_shape"),
            models.CheckConstraint(condition=Q(account_number__regex=r"^[0-9]{8}$"), name="payee_account_shape"),
            models.CheckConstraint(condition=~Q(account_name=""), name="payee_has_a_name"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="payee_version_counts",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF (NEW.society_id, NEW.application_id) IS DISTINCT FROM (OLD.society_id, OLD.application_id)
                       OR NEW.version <> OLD.version + 1 THEN
                        RAISE EXCEPTION 'a change of bank details is a new version of the same payee'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="payee_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return self.masked

    @property
    def masked(self) -> str:
        """Enough to tell two accounts apart, and too little to use."""
        return f"••-••-{self.sort_code[-2:]} ••••{self.account_number[-4:]}"
