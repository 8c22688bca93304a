"""Doors for the worker: what Stripe told us, refunds that are due, applications whose time is up."""

from procrastinate.contrib.django import app

from common.tasks import with_fresh_connection
from payments import accounts, collecting, comparing, gateway, lapsing, reconciling, sending, webhooks


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="work_through_events", pass_context=False)
@with_fresh_connection
def work_through_events(timestamp: int = 0) -> int:
    """Look into every event of Stripe's that waits; enqueued by the webhook, and each minute in case that was lost."""
    return webhooks.work_through()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_refunds", pass_context=False)
@with_fresh_connection
def send_refunds(timestamp: int = 0) -> int:
    """Pay back what is due by card."""
    return sending.send_due()


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="look_at_refunds", pass_context=False)
@with_fresh_connection
def look_at_refunds(timestamp: int = 0) -> int:
    """Ask after refunds that Stripe took and has not finished, in case its webhook was lost."""
    return sending.look_at_sent()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="lapse_unpaid", pass_context=False)
@with_fresh_connection
def lapse_unpaid(timestamp: int = 0) -> int:
    """Let unpaid applications go whose time is up."""
    return lapsing.lapse_due()


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="reconcile", pass_context=False)
@with_fresh_connection
def reconcile(timestamp: int = 0) -> int:
    """Compare every society's books with Stripe's lists; how many differ. The treasurer's page has the reports."""
    return reconciling.reconcile_all() if gateway.is_configured() else 0


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="compare_asked", pass_context=False)
@with_fresh_connection
def compare_asked(timestamp: int = 0) -> int:
    """Compare the books of the societies whose officers asked for it with Stripe's lists."""
    return comparing.run_asked() if gateway.is_configured() else 0


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="collect_promises", pass_context=False)
@with_fresh_connection
def collect_promises(timestamp: int = 0) -> int:
    """Charge what was promised to offers that have closed with their minimum reached, or let it go."""
    return collecting.run_due()


@app.periodic(cron="47 * * * *")
@app.task(queueing_lock="settle_debits", pass_context=False)
@with_fresh_connection
def settle_debits(timestamp: int = 0) -> int:
    """Ask after promised debits that the banks have not answered, in case the webhook was lost."""
    return collecting.settle_debits()


@app.periodic(cron="23 5 * * *")
@app.task(queueing_lock="check_accounts", pass_context=False)
@with_fresh_connection
def check_accounts(timestamp: int = 0) -> int:
    """Ask Stripe each day whether every society's account may take payments and pays nothing out by itself."""
    return accounts.check_all()
