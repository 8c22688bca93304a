from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _grant_rights(sender, using, **kwargs):
    from common import roles

    if using == "owner":
        roles.grant_rights(using=using)


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "Common"

    def ready(self):
        post_migrate.connect(_grant_rights, sender=self, dispatch_uid="common.roles")
