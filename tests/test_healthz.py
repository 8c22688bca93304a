"""Is the process alive, and can it do its work: /healthz and /readyz."""

import json

import pytest
from django.db import DatabaseError, connection, connections
from psycopg import sql


def test_healthz_needs_nothing(client, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", _away)
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_is_green_where_all_is_well(client, db):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "migrations": "ok", "role": "ok"})


def _away(*args, **kwargs):
    raise DatabaseError('connection to server at "db.example.org" failed: password "secret"')


def test_readyz_is_red_when_the_database_is_away(client, db, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", _away)
        response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": "does not answer"})
    assert b"secret" not in response.content


@pytest.mark.django_db(transaction=True)
def test_readyz_is_red_when_the_server_has_gone(client):
    """A real connection to a database that is not there, and green again when it is back, without a restart."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "nobody_made_this"
    try:
        assert client.get("/readyz").status_code == 503
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert client.get("/readyz").status_code == 200


def test_readyz_is_red_while_migrations_wait(client, db, as_owner):
    row = {"app": "members", "name": "0002_initial"}
    as_owner.execute("DELETE FROM django_migrations WHERE app = %(app)s AND name = %(name)s RETURNING applied", row)
    row["applied"] = as_owner.fetchone()[0]
    try:
        response = client.get("/readyz")
        assert (response.status_code, response.json()["migrations"]) == (503, "1 not applied")
    finally:
        as_owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%(app)s, %(name)s, %(applied)s)",
                         row)  # fmt: skip


def test_readyz_is_red_when_the_role_may_change_ledgers(client, db, as_owner):
    site = sql.Identifier(connections["default"].settings_dict["USER"])
    as_owner.execute(sql.SQL("GRANT DELETE ON common_auditevent TO {}").format(site))
    try:
        response = client.get("/readyz")
        assert (response.status_code, response.json()["role"]) == (503, "the role may change ledgers")
    finally:
        as_owner.execute(sql.SQL("REVOKE DELETE ON common_auditevent FROM {}").format(site))


@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_they_answer_a_stranger_and_are_never_kept(client, db, page):
    response = client.get(page)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_they_name_nothing_of_the_server(client, db):
    said = client.get("/readyz").content.decode() + client.get("/healthz").content.decode()
    hidden = (connection.settings_dict["NAME"], connection.settings_dict["USER"], str(connection.settings_dict["HOST"]))
    assert [word for word in hidden if word and word in said] == []
    assert json.loads(client.get("/readyz").content)
