"""Asking the worker to look soon. It looks each minute anyway, so a request that is lost costs a minute."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException


def soon(task: str) -> None:
    """After the commit, enqueue a task by its dotted name, once however often it is asked."""

    def enqueue() -> None:
        try:
            with transaction.atomic():
                app.configure_task(task, queueing_lock=task.rpartition(".")[2]).defer(timestamp=0)
        except (AlreadyEnqueued, ConnectorException):
            return  # it waits already, or the queue is away: the row that is due stays due

    transaction.on_commit(enqueue)
