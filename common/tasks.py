"""Doors for the worker: sending mail, forgetting what is over. A job carries nothing; the rows are the truth."""

import functools

from django.db import close_old_connections
from procrastinate.contrib.django import app

from common import outbox, shared_cache


def with_fresh_connection(function):
    """The worker's threads live long: drop a connection that has died before and after each job."""

    @functools.wraps(function)
    def run(*args, **kwargs):
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return run


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_mail", pass_context=False)
@with_fresh_connection
def send_mail(timestamp: int = 0) -> int:
    """Send the mail that is due."""
    return outbox.send_due()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="forget_what_is_over", pass_context=False)
@with_fresh_connection
def forget_what_is_over(timestamp: int = 0) -> int:
    """Delete counts of tries that are over."""
    return shared_cache.forget_over()
