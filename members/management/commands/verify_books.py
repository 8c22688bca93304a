import argparse
import json
from itertools import chain

from django.core.management.base import BaseCommand, CommandError

from members import books


class Command(BaseCommand):
    """Recount every invariant of the books; a row for each fault; exit 1 if there is one. Repairs nothing."""

    help = "Recount the books. Prints a row for each fault and exits 1 if there is one; changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="the faults as JSON, one a line")
        parser.add_argument(
            "--seals", type=argparse.FileType(), metavar="FILE", help="compare with seals that were kept elsewhere too"
        )

    def handle(self, *args, **options):
        number = 0
        for fault in chain(books.faults(), books.faults_against(options["seals"] or ())):
            number += 1
            self.stdout.write(json.dumps(fault.__dict__) if options["json"] else str(fault))
        if number:
            raise CommandError(f"{number} fault{'s' if number > 1 else ''} in the books.", returncode=1)
        if not options["json"]:
            for invariant, meaning, _check in books.CHECKS:
                self.stdout.write(f"ok  {invariant:9} {meaning}")
