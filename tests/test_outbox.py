"""Mail that is due: after the commit only, once, again after a failure, and never lost from sight."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, connections, transaction

from common import clock, outbox
from common.models import OutgoingMail
from tests.factories import make_society

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _test_messages(monkeypatch):
    """Two kinds for these tests: one that can be built and one that cannot."""
    monkeypatch.setitem(outbox._builders, "test-plain", lambda row: outbox.Message("Your\nshares", "Dear member, …"))
    monkeypatch.setitem(outbox._builders, "test-broken", lambda row: 1 / 0)


@pytest.fixture
def society():
    return make_society()


class Subject:
    """A row as `post` sees one."""

    def __init__(self, society):
        self.pk, self.society_id = society.pk, society.pk


def post(society, kind="test-plain", **fields) -> OutgoingMail:
    outbox.post(kind, Subject(society), **{"to": "member@example.org"} | fields)
    return OutgoingMail.objects.get(kind=kind, subject_id=society.pk)


def test_what_is_due_is_sent_with_its_marks(society):
    row = post(society)
    assert mail.outbox == []  # posting only writes it down
    assert outbox.send_due() == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["member@example.org"], "Your shares", "Dear member, …")
    assert sent.extra_headers["X-Toad-Lane-Mail"] == str(row.pk)
    row.refresh_from_db()
    assert (row.heading, row.text, row.tries) == ("Your\nshares", "Dear member, …", 1)
    assert row.sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_nothing_is_due_before_the_commit_or_after_a_rollback():
    society = make_society()
    with pytest.raises(RuntimeError), transaction.atomic():
        post(society)
        raise RuntimeError("the verb failed after all")
    assert outbox.send_due() == 0
    with transaction.atomic():
        post(society)
        assert waiting_jobs() == 0  # the worker is called after the commit
    assert waiting_jobs() == 1
    assert outbox.send_due() == 1
    assert len(mail.outbox) == 1


def waiting_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'common.tasks.send_mail'")
        return cursor.fetchone()[0]


def test_a_message_is_sent_once_however_often_it_is_asked_for(society):
    for _ in range(3):
        post(society)
    outbox.post_all([OutgoingMail(kind="test-plain", subject_id=society.pk, to="x@example.org", due_at=clock.now(),
                                  next_try_at=clock.now())])  # fmt: skip
    assert outbox.send_due() == 1
    assert outbox.send_due() == 0
    assert [sent.to for sent in mail.outbox] == [["member@example.org"]]


def test_the_table_refuses_a_second_message(society):
    row = post(society)
    with pytest.raises(IntegrityError, match="mail_once"), transaction.atomic():
        OutgoingMail.objects.create(kind=row.kind, subject_id=row.subject_id, to=row.to, due_at=row.due_at,
                                    next_try_at=row.due_at)  # fmt: skip


def test_without_an_address_nothing_is_due(society):
    outbox.post("test-plain", Subject(society), to="")
    assert not OutgoingMail.objects.exists()


def test_a_failure_waits_and_is_tried_again(society, monkeypatch):
    row, now = post(society), clock.now()
    with clock.stopped(now) as move:
        row.next_try_at = now
        row.save()
        with monkeypatch.context() as broken:
            broken.setattr(outbox, "_hand_over", _refused)
            assert outbox.send_due() == 0
        row.refresh_from_db()
        assert (row.tries, row.last_error, row.sent_at) == (1, "SMTPRecipientsRefused", None)
        assert row.next_try_at == now + timedelta(minutes=1)
        assert outbox.send_due() == 0  # not before its time
        move(now + timedelta(minutes=1))
        assert outbox.send_due() == 1
    row.refresh_from_db()
    assert (row.tries, row.last_error) == (2, "")


def _refused(row, message):
    raise smtplib.SMTPRecipientsRefused({row.to: (550, b"no such mailbox")})


def test_waits_grow_and_stay_at_a_day(society, monkeypatch):
    row = post(society)
    monkeypatch.setattr(outbox, "_hand_over", _refused)
    waits = []
    with clock.stopped(row.next_try_at) as move:
        for _ in range(len(outbox.WAITS) + 2):
            outbox.send_due()
            before = clock.now()
            row.refresh_from_db()
            waits.append(row.next_try_at - before)
            move(row.next_try_at)
    assert waits == [*outbox.WAITS, outbox.WAITS[-1], outbox.WAITS[-1]]
    assert waits == sorted(waits)


def test_one_bad_message_holds_nobody_up(society):
    broken, good = post(society, "test-broken"), post(society)
    assert broken.pk != good.pk
    assert outbox.send_due() == 1
    broken.refresh_from_db()
    assert (broken.last_error, broken.sent_at) == ("ZeroDivisionError", None)
    assert len(mail.outbox) == 1


def test_what_is_written_down_of_a_failure_names_nobody(society, monkeypatch):
    row = post(society)
    monkeypatch.setattr(outbox, "_hand_over", _refused)
    outbox.send_due()
    row.refresh_from_db()
    assert "member@example.org" not in row.last_error


def test_a_dead_message_stays_in_sight(society, monkeypatch):
    row = post(society)
    assert not outbox.dead().exists()
    monkeypatch.setattr(outbox, "_hand_over", _refused)
    with clock.stopped(row.next_try_at) as move:
        for _ in range(len(outbox.WAITS)):
            assert not outbox.dead().exists()
            outbox.send_due()
            row.refresh_from_db()
            move(row.next_try_at)
    assert list(outbox.dead()) == [row]
    assert list(outbox.dead(society_id=society.pk)) == [row]
    assert not outbox.dead(society_id=make_society().pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work_and_send_each_message_once():
    """While one holds a row, another passes it by."""
    row = post(make_society())
    with transaction.atomic():
        OutgoingMail.objects.select_for_update().get(pk=row.pk)
        assert in_another_thread(outbox.send_due) == 0
    assert in_another_thread(outbox.send_due) == 1
    assert outbox.send_due() == 0


def in_another_thread(function):
    answers = []

    def run():
        answers.append(function())
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return answers[0]
