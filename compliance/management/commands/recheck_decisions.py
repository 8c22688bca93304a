import json

from django.core.management.base import BaseCommand, CommandError

from compliance import decisions
from compliance.models import Decision


class Command(BaseCommand):
    """Ask every rule again what it was asked when it decided; a row for each other answer, and then exit 1."""

    help = "Ask again what every decision was asked. Prints a row for each other answer; changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--society", metavar="SLUG", help="of one society only")
        parser.add_argument("--json", action="store_true", help="the differences as JSON, one a line")

    def handle(self, *args, **options):
        rows = Decision.objects.select_related("society").order_by("id")
        if options["society"]:
            rows = rows.filter(society__slug=options["society"])
        number = 0
        for row, wrong in decisions.differences(rows.iterator(2000)):
            number += 1
            said = {
                "decision": str(row.pk),
                "society": row.society.register_number,
                "rule": row.rule,
                "question": row.question,
                "rule_set": row.rule_set,
                "wrong": wrong,
            }
            self.stdout.write(json.dumps(said) if options["json"] else "\t".join(said.values()))
        if number:
            raise CommandError(f"{number} of {rows.count()} decisions would be different now.", returncode=1)
        if not options["json"]:
            self.stdout.write(f"{rows.count()} decisions asked again: the same answers.")
