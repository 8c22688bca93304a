"""A backup comes back whole, keeps its fences, and is refused where anything in it is not as it was."""

import io
import json
import os
import stat
from datetime import timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from common import backups, clock, roles
from config import throwaway
from members import heads, ledger
from members.models import LedgerEntry, Member
from tests.factories import close_and_decide, make_offer, make_user, paid

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def run(command: str, *arguments) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def backup(tmp_path):
    """A backup of the test's database, which holds nothing that is committed."""
    path = tmp_path / "shares.dump"
    run("backup", path)
    return path


@pytest.fixture
def filled(tmp_path):
    """A backup of a society with an allotment, and the moment after it."""
    offer = make_offer()
    for _ in range(3):
        paid(offer, 500_00)
    close_and_decide(offer)
    path = tmp_path / "shares.dump"
    with clock.stopped(clock.now() + timedelta(days=100)):
        ledger.reverse(LedgerEntry.objects.filter(offer=offer).first(), reason="Entered twice.", by=make_user())
        run("backup", path)
        yield path


def refused_by(cursor, statement: str) -> str:
    with pytest.raises(psycopg.Error) as refusal:
        cursor.execute(statement)
    return str(refusal.value)


CHANGES = ["UPDATE members_ledgerentry SET shares = 1", "DELETE FROM members_ledgerentry",
           "TRUNCATE members_ledgerentry CASCADE"]  # fmt: skip


def test_the_round_trip_into_an_empty_database(filled):
    before = list(LedgerEntry.objects.order_by("seq").values())
    with throwaway.database("round", migrated=False):
        said = run("restore", filled)
        assert said.count("ok  ") == 3
        assert list(LedgerEntry.objects.order_by("seq").values()) == before
        assert len(before) == 7
        assert roles.excess_rights() == []
        for statement in CHANGES:
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(statement)
            with psycopg.connect(**connections["owner"].get_connection_params()) as owner:
                assert "is append-only" in refused_by(owner, statement)
        last = LedgerEntry.objects.order_by("seq").last()
        with pytest.raises(DatabaseError, match="does not follow"), transaction.atomic():
            LedgerEntry.objects.create(**{f.attname: getattr(last, f.attname) for f in last._meta.concrete_fields}
                                       | {"id": make_user().pk, "seq": 9, "reverses_id": None, "kind": "allotment",
                                          "shares": 1, "amount_pence": 100, "hash": b"9" * 32})  # fmt: skip
        entry = LedgerEntry.objects.filter(kind="allotment", reversed_by=None).first()
        assert ledger.reverse(entry, reason="Life goes on.", by=make_user()).seq == 8
        run("verify_books")


def test_a_check_touches_nothing_of_the_sites(filled):
    before = Member.objects.count(), connection.settings_dict["NAME"]
    said = run("restore", filled, "--check")
    assert [line[:12].split() for line in said.splitlines()] == [["ok", "files"], ["ok", "contents"], ["ok", "books"]]
    assert (Member.objects.count(), connection.settings_dict["NAME"]) == before
    with connections["owner"]._nodb_cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE %s", [f"%_restore_{os.getpid()}"])
        assert cursor.fetchone() == (0,)


def test_a_restore_never_overwrites(filled):
    before = LedgerEntry.objects.count()
    with pytest.raises(CommandError, match="is not empty"):
        run("restore", filled)
    assert LedgerEntry.objects.count() == before > 0


def test_wrong_books_come_back_and_are_called_wrong(filled, as_owner):
    as_owner.execute("SET pgtrigger.ignore = '{members_ledgerentry:append_only}'")
    as_owner.execute("ALTER TABLE members_ledgerentry DISABLE TRIGGER USER")
    try:
        as_owner.execute("UPDATE members_ledgerentry SET authority = 'Forged' WHERE seq = 5")
    finally:
        as_owner.execute("ALTER TABLE members_ledgerentry ENABLE TRIGGER USER")
    forged = filled.with_name("forged.dump")
    run("backup", forged)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 things? in it"):
        call_command("restore", forged, "--check", stdout=out)
    assert "entry 5" in out.getvalue()


def resealed(path, **changes):
    """What somebody would do who may write files and knows how the seal is made."""
    manifest = json.loads(backups.manifest_path(path).read_text()) | changes
    manifest["seal"] = backups.seal(manifest)
    backups.manifest_path(path).write_text(json.dumps(manifest))


def test_rows_that_are_missing_are_named(filled):
    manifest = backups.read(filled)
    resealed(filled, rows=manifest["rows"] | {"members_ledgerentry": 9})
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 thing in it"):
        call_command("restore", filled, "--check", stdout=out)
    assert "no  contents    members_ledgerentry has 7 rows and should have 9" in out.getvalue()


def test_a_ledger_that_ends_elsewhere_is_named(filled):
    resealed(filled, facts={"heads of the ledgers": {"RS000001": "8:00"}})
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 thing in it"):
        call_command("restore", filled, "--check", stdout=out)
    assert "heads of the ledgers are not what they were" in out.getvalue()


def test_the_manifest_says_where_each_ledger_ends(filled):
    last = LedgerEntry.objects.select_related("society").order_by("seq").last()
    ends = backups.read(filled)["facts"]["heads of the ledgers"]
    assert ends == {last.society.register_number: f"7:{bytes(last.hash).hex()}"}
    with psycopg.connect(**connections["default"].get_connection_params()) as site:
        assert heads.of_every_society(site.cursor())["heads of the ledgers"] == ends


def cut_off(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 1000)


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def tamper(path):
    manifest = backups.manifest_path(path)
    manifest.write_text(manifest.read_text().replace('"members_member": 0', '"members_member": 1'))


DAMAGE = {
    "cut off": (cut_off, "was cut off"),
    "empty": (lambda path: path.write_bytes(b""), "was cut off"),
    "one bit": (flip, "its hash does not fit"),
    "tampered manifest": (tamper, "its seal does not fit"),
    "half a manifest": (lambda path: os.truncate(backups.manifest_path(path), 100), "cannot be read"),
    "a manifest of another sort": (lambda path: backups.manifest_path(path).write_text("[1]"), "cannot be read"),
    "no manifest": (lambda path: backups.manifest_path(path).unlink(), "is missing"),
    "no dump": (lambda path: path.unlink(), "is missing"),
    "another format": (lambda path: resealed(path, format="toad-lane/backup/v9"), "has the format"),
    "a newer version": (lambda path: resealed(path, migrations=["members.9999_later"]), "newer version"),
}


@pytest.mark.parametrize("check", [True, False], ids=["check", "restore"])
@pytest.mark.parametrize(("damage", "words"), DAMAGE.values(), ids=DAMAGE.keys())
def test_what_is_damaged_is_refused_before_anything_is_written(backup, monkeypatch, damage, words, check):
    damage(backup)
    monkeypatch.setattr(backups, "load", lambda path: pytest.fail("it was restored all the same"))
    with pytest.raises(CommandError, match=words):
        run("restore", backup, *(["--check"] if check else []))


def test_a_dump_that_postgresql_cannot_read_leaves_the_database_empty(backup):
    """Even where somebody made the manifest fit."""
    content = backup.read_bytes()[:-5000]
    backup.write_bytes(content)
    resealed(backup, dump_bytes=len(content), dump_sha256=backups._hash(backup))
    with throwaway.database("round", migrated=False):
        with pytest.raises(CommandError, match="pg_restore failed"):
            run("restore", backup)
        with psycopg.connect(**connections["owner"].get_connection_params()) as owner:
            assert owner.execute(backups.TABLES).fetchall() == []


def test_a_seal_kept_elsewhere_tells_two_backups_apart(backup):
    manifest = backups.read(backup)
    assert run("restore", backup, "--check", "--seal", manifest["seal"])
    resealed(backup, made_at="2020-01-01T00:00:00+00:00")
    with pytest.raises(CommandError, match="not the backup that the seal belongs to"):
        run("restore", backup, "--check", "--seal", manifest["seal"])


def test_a_backup_never_overwrites_and_only_its_owner_may_read_it(backup):
    content = backup.read_bytes()
    with pytest.raises(CommandError, match="never overwritten"):
        run("backup", backup)
    assert backup.read_bytes() == content
    for path in (backup, backups.manifest_path(backup)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {path.name for path in backup.parent.iterdir()} == {"shares.dump", "shares.dump.manifest.json"}


def test_a_backup_that_fails_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "_program", lambda name, server: "/bin/false")
    with pytest.raises(CommandError, match="pg_dump failed: no reason given"):
        run("backup", tmp_path / "shares.dump")
    assert list(tmp_path.iterdir()) == []


def test_the_password_is_not_on_the_command_line():
    class Info:
        host = "localhost"

        def get_parameters():
            return {"dbname": "toad_lane", "host": "localhost", "sslcertmode": "allow", "password": "secret"}

    address = backups._address(type("Connection", (), {"info": Info}))
    assert psycopg.conninfo.conninfo_to_dict(address) == {"dbname": "toad_lane", "host": "localhost"}
