from django.core.management.base import BaseCommand, CommandError

from members import signing_keys
from offers.models import Society


class Command(BaseCommand):
    """Give societies another key to sign certificates with. What was signed before is checked as before."""

    help = "Make another signing key for each society, or for one. The secret half of the key before is erased."

    def add_arguments(self, parser):
        parser.add_argument("--society", metavar="SLUG", help="this society only")

    def handle(self, *args, **options):
        found = Society.objects.order_by("slug")
        if options["society"]:
            found = found.filter(slug=options["society"])
            if not found:
                raise CommandError(f"There is no society {options['society']}.")
        for society in found:
            key = signing_keys.rotate(society)
            self.stdout.write(f"{society.slug}: key {key.number} from {key.valid_from_at:%Y-%m-%d %H:%M} UTC")
