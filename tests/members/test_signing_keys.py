"""A society's signing keys: made at first use, one in use at a time, and what an old one signed is checked for ever."""

from __future__ import annotations

import logging
import threading
from io import StringIO

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import connection, connections

from common.models import AuditEvent, OutgoingMail
from compliance import checking, signing_keys
from compliance.models import Certificate, SigningKey
from members import emails
from members import signing_keys as keys
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    offer = factories.make_offer()
    factories.paid(offer, 1_250_00, by_whom=factories.applicant(factories.person("Ann Reed")))
    factories.close_and_decide(offer)
    return Certificate.objects.get()


def test_the_first_file_makes_the_key_and_the_next_ones_use_it(certificate):
    assert not SigningKey.objects.exists()
    first, second = keys.signed_file(certificate), keys.signed_file(certificate)
    key = SigningKey.objects.get()
    assert (key.number, key.retired_at, key.society) == (1, None, certificate.society)
    assert first != second  # a signature is never the same twice
    for file in (first, second):
        assert checking.look_at(file) == checking.Finding("signed", certificate, 1, True)
    assert AuditEvent.objects.get(act="signing-key.make").facts == {"number": 1}


def test_each_society_has_its_own(certificate):
    keys.signer(certificate.society_id)
    other = factories.make_society()
    assert keys.signer(other.pk).certificate != keys.signer(certificate.society_id).certificate
    assert SigningKey.objects.get(society=other).number == 1


def test_after_a_rotation_the_next_key_signs_and_the_old_files_are_good(certificate):
    before = keys.signed_file(certificate)
    keys.rotate(certificate.society)
    after = keys.signed_file(certificate)
    assert [(key.number, key.retired_at is None) for key in SigningKey.objects.all()] == [(1, False), (2, True)]
    assert checking.look_at(before) == checking.Finding("signed", certificate, 1, True)
    assert checking.look_at(after) == checking.Finding("signed", certificate, 2, True)


def test_the_secret_half_of_a_retired_key_is_gone(certificate):
    keys.signer(certificate.society_id)
    keys.rotate(certificate.society)
    old, new = SigningKey.objects.all()
    assert old.private_key is None
    assert old.retired_at <= new.valid_from_at
    assert new.private_key is not None


def test_the_command_rotates_one_society_or_all(certificate):
    other = factories.make_society(slug="other")
    out = StringIO()
    call_command("rotate_signing_keys", "--society", "other", stdout=out)
    assert out.getvalue().startswith("other: key 1 from ")
    call_command("rotate_signing_keys", stdout=out)
    assert list(SigningKey.objects.filter(society=other).values_list("number", flat=True)) == [1, 2]
    assert SigningKey.objects.get(society=certificate.society).number == 1
    with pytest.raises(CommandError, match="no society nowhere"):
        call_command("rotate_signing_keys", "--society", "nowhere")


def test_after_another_setting_nothing_is_signed_until_the_keys_are_rotated(certificate, settings):
    before = keys.signed_file(certificate)
    settings.SIGNING_SECRET = "another " * 9
    signing_keys.ready.cache_clear()
    with pytest.raises(signing_keys.CannotOpen, match="rotate_signing_keys"):
        keys.signed_file(certificate)
    call_command("rotate_signing_keys", stdout=StringIO())
    assert checking.look_at(keys.signed_file(certificate)).result == "signed"
    assert checking.look_at(before).result == "signed"
    signing_keys.ready.cache_clear()


def test_the_secret_half_is_nowhere_in_the_clear(certificate, caplog, capfd):
    """Neither in the row, nor in the audit, nor in what is logged: the scalar, raw or in any text form."""
    made = []
    generate = ec.generate_private_key
    with pytest.MonkeyPatch.context() as patch, caplog.at_level(logging.DEBUG):
        patch.setattr(ec, "generate_private_key", lambda curve: made.append(generate(curve)) or made[-1])
        keys.signed_file(certificate)
        keys.rotate(certificate.society)
        keys.signed_file(certificate)
    assert len(made) == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(k)::text FROM compliance_signingkey k")
        rows = "".join(text for (text,) in cursor.fetchall())
        cursor.execute("SELECT row_to_json(a)::text FROM common_auditevent a")
        rows += "".join(text for (text,) in cursor.fetchall())
    said = rows + caplog.text + "".join(capfd.readouterr()) + repr(list(SigningKey.objects.values_list("society")))
    for key in made:
        secret = key.private_numbers().private_value
        plain = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        for form in (f"{secret:064x}", str(secret), plain.hex()[60:130], repr(plain)[60:130]):
            assert form.lower() not in said.lower()


def test_what_is_mailed_is_signed(certificate):
    mail = OutgoingMail.objects.get(kind="shares-allotted")
    message = emails.shares_allotted(mail)
    ((name, content, _kind),) = message.files
    assert name == "certificate-1.pdf"
    assert checking.look_at(content).result == "signed"


def test_the_administration_does_not_show_them():
    assert not admin.site.is_registered(SigningKey)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_key():
    society = factories.make_society()
    begin, made = threading.Barrier(8), []

    def one():
        begin.wait()
        made.append(keys.signer(society.pk).certificate)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert SigningKey.objects.count() == 1
