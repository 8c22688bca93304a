import csv

from django.core.management.base import BaseCommand, CommandError

from common.money import as_decimal
from common.references import shown
from members import refund_dry_run
from offers.models import ShareOffer


class Command(BaseCommand):
    """Say what an offer's refunds would be: a CSV line each, in the order in which they would go; moves nothing."""

    help = "What would go back to whom, as CSV; what it costs and whether the balance covers it, on standard error."

    def add_arguments(self, parser):
        parser.add_argument("society", help="the society's name in addresses")
        parser.add_argument("offer", help="the offer's name in addresses")
        parser.add_argument("--everybody", action="store_true", help="as if the offer failed, not as it stands now")

    def handle(self, *args, **options):
        offer = ShareOffer.objects.filter(society__slug=options["society"], slug=options["offer"]).first()
        if offer is None:
            raise CommandError("There is no such offer.")
        what = refund_dry_run.choices(offer)[-1 if options["everybody"] else 0]
        plan = refund_dry_run.run(offer, what)
        lines = csv.writer(self.stdout, lineterminator="\n")
        lines.writerow(["reference", "name", "amount", "came_by", "goes_back", "state"])
        for row in plan.rows:
            application = row.application
            lines.writerow(
                [
                    shown(application.reference),
                    _harmless(application.name),
                    as_decimal(row.amount_pence),
                    row.receipt.method,
                    row.way,
                    "planned" if row.is_planned else row.state,
                ]
            )
        self._sums(plan)

    def _sums(self, plan) -> None:
        say = self.stderr.write
        say(f"{len(plan.rows)} refunds of {as_decimal(plan.sum_pence)} together (nothing has moved).")
        say(f"From the society's own account: {as_decimal(plan.society_pence)}. Through Stripe: "
            f"{as_decimal(plan.stripe_pence)}, of it by bank {as_decimal(plan.bank_pence)}.")  # fmt: skip
        fee = "not known" if plan.fee_pence is None else as_decimal(plan.fee_pence)
        say(f"Stripe's fees that do not come back, by its price list: {fee}.")
        if plan.balance:
            now, coming = as_decimal(plan.balance.available_pence), as_decimal(plan.balance.pending_pence)
            say(f"Stripe's balance: {now} now, {coming} on its way; short by {as_decimal(plan.short_pence)}.")
        elif plan.unknown:
            say(plan.unknown)


def _harmless(text: str) -> str:
    """A name that a spreadsheet cannot take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
