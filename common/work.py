"""Asking the worker to look soon. It looks each minute anyway, so a request that is lost costs a minute."""

from __future__ import annotations

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException


def soon(task: str) -> None:
    """After the commit, enqueue a task by its dotted name, once however often it is asked."""
    lock = task.rpartition(".")[2]

    def enqueue() -> None:
        if _waits(lock):
            return
        try:
            with transaction.atomic():
                app.configure_task(task, queueing_lock=lock).defer(timestamp=0)
        except (AlreadyEnqueued, ConnectorException):
            return  # it waits already, or the queue is away: the row that is due stays due

    transaction.on_commit(enqueue)


def _waits(lock: str) -> bool:
    """Whether the task is enqueued and not begun: it will see what is due. Asking costs less than being refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'", [lock])
        return cursor.fetchone() is not None
