"""Doors for the worker: sealing the ledgers."""

from procrastinate.contrib.django import app

from common.tasks import with_fresh_connection
from members import seals


@app.periodic(cron="40 1 * * *")
@app.task(queueing_lock="seal_ledgers", pass_context=False)
@with_fresh_connection
def seal_ledgers(timestamp: int = 0) -> int:
    """Seal, each night, every ledger that has new entries."""
    return seals.seal_all()
