from django.core.management.commands.migrate import Command as Migrate


class Command(Migrate):
    """Django's `migrate`, as the role that owns the tables unless --database says otherwise."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(database="owner")
