from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.money import as_pounds
from offers.models import Society
from payments import gateway, reconciling, suspense


class Command(BaseCommand):
    """Compare the books with Stripe's lists, society by society; a line for each difference, exit 1 if there is one."""

    help = "Compare the books with Stripe and post what is missing. Exits 1 where something still differs."

    def add_arguments(self, parser):
        parser.add_argument("--society", metavar="SLUG", help="only this society")

    def handle(self, *args, **options):
        if not gateway.is_configured():
            raise CommandError("No Stripe key is set, so there is nothing to compare with.")
        societies = Society.objects.order_by("registered_name")
        if options["society"]:
            societies = societies.filter(slug=options["society"])
            if not societies:
                raise CommandError(f"There is no society {options['society']}.")
        number = sum(self.compare(society) for society in societies)
        if number:
            raise CommandError(
                f"{number} difference{'s' if number > 1 else ''} between the books and Stripe.", returncode=1
            )

    def compare(self, society: Society) -> int:
        reports = reconciling.reconcile(society)
        if not reports:
            self.stdout.write(f"{society.slug}: no Stripe account")
        for report in reports:
            self.tell(society, report)
        for item in suspense.waiting(society.pk):
            owner = item.taken_by or "the treasurer"
            days = (clock.now() - item.opened_at).days
            self.stdout.write(f"  open: {item.kind} {item.subject}, {days} days, {owner}")
        return sum(len(report.differences) for report in reports)

    def tell(self, society: Society, report) -> None:
        sums = f"ledger {as_pounds(report.ledger_pence)}, Stripe {as_pounds(report.stripe_pence)}"
        counts = ", ".join(f"{number} {what}" for what, number in sorted(report.counts.items()))
        self.stdout.write(f"{society.slug}: {sums}; {counts} ({report.account_id})")
        for difference in report.differences:
            self.stdout.write(f"  differs: {difference}")
