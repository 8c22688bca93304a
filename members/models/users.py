"""People who sign in, and the invitations by which societies give them a role."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from common import ids
from common.rows import Row, SocietyRow
from members.managers import UserManager
from offers.choices import OfficerRole


class User(AbstractBaseUser, PermissionsMixin, Row):
    """Somebody who signs in, by e-mail address. What they may see follows from their parties and offices."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the administration of the whole site.")
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    EMAIL_FIELD = USERNAME_FIELD = "email"

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_in_lower_case")]

    def __str__(self):
        return self.name or self.email


class Invitation(SocietyRow):
    """An officer's invitation to act for the society in a role; the link works once, for two weeks."""

    email = models.EmailField()
    role = models.CharField(max_length=12, choices=OfficerRole.choices)
    token = models.CharField(max_length=40, unique=True, default=ids.token)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "society",
                "role",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open",
            ),
            models.CheckConstraint(condition=Q(role__in=OfficerRole.values), name="invitation_role_known"),
        ]

    def __str__(self):
        return f"{self.email} as {self.get_role_display()}"
