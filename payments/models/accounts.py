"""The accounts at Stripe that take societies' card payments."""

from django.db import models
from django.db.models import Q

from common.rows import SocietyRow


class StripeAccount(SocietyRow):
    """The society's own Stripe account, which takes its card payments (direct charges)."""

    account_id = models.CharField(max_length=40, unique=True)
    connected_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["society"], name="stripe_account_one"),
            models.CheckConstraint(condition=Q(account_id__startswith="acct_"), name="stripe_account_id_shape"),
        ]

    def __str__(self):
        return self.account_id
