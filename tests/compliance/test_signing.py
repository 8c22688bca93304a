"""A signed certificate: what other programs make of it, and that one byte that is changed is seen."""

import base64
import hashlib
import io
import random
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pikepdf
import pytest
from asn1crypto.cms import ContentInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from common import clock
from compliance import certificate_file, certificate_pdf, signing, signing_keys
from tests.compliance.test_certificate_file import CASES, heard
from tests.compliance.test_certificate_pdf import TOKEN, facts, text_of

KEPT = """
MIIB5DCCAYugAwIBAgIUHsc2StlCcQAvThb6Pzg7JwxkcT8wCgYIKoZIzj0EAwIwUTEnMCUGA1UECgweTWFybHBpdCBDb21tdW5p
dHkgU2hvcCBMaW1pdGVkMSYwJAYDVQQDDB1SUzAwNzg0MiBzaGFyZSBjZXJ0aWZpY2F0ZXMgMTAgFw0yNjExMjUxMjMwMDBaGA85
OTk5MTIzMTIzNTk1OVowUTEnMCUGA1UECgweTWFybHBpdCBDb21tdW5pdHkgU2hvcCBMaW1pdGVkMSYwJAYDVQQDDB1SUzAwNzg0
MiBzaGFyZSBjZXJ0aWZpY2F0ZXMgMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLOWgv6CN222hongDpRAHsLnhk6AxKF//vaq
rymfaNRrR3gJHkmqZqnl1CM0ALOZeZNntS/euzS73MHiLUPAO8qjPzA9MAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgbAMB0G
A1UdDgQWBBQ3SmYf6c1tEFqvwDNQpq2Fy7jHMjAKBggqhkjOPQQDAgNHADBEAiB4Cqy50/A9ee2J/70IRkDt5INLCRybyc2VC3Yf
FIw4igIgFIqyg77LceVIIo1te8YJlhqQSmqcOshXm93hwogxDhk=
"""
KEPT_FORM = "53fa03345a3a8ad6bdae213fa6be0c610f5ee927635fbaa912828d45030c4c56"
AT = datetime(2026, 11, 25, 12, 30, 15, tzinfo=UTC)
FLIPS = 500


def make(number: int = 1) -> tuple[bytes, bytes]:
    return signing_keys.make(
        society_name="Tŷ & Co “Cyf” " * 9, register_number="RS007842", number=number, at=clock.now()
    )


@pytest.fixture(scope="module")
def key() -> tuple[bytes, bytes]:
    return make()


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES)
def plain(request) -> bytes:
    return certificate_pdf.draw(request.param, token=TOKEN)


@pytest.fixture(scope="module")
def signed(plain, key) -> bytes:
    return signing.signed(plain, signing_keys.ready(*key), at=AT)


def is_ours(pdf: bytes, key) -> bool:
    return signing.intact(pdf, certificate=key[0])


def changed(pdf: bytes, at: int, to: int) -> bytes:
    return pdf[:at] + bytes([to]) + pdf[at + 1 :]


def flipped(pdf: bytes, count: int, seed: int = 7):
    """Copies of a file with one byte changed at random, with the place."""
    chance = random.Random(seed)
    for _ in range(count):
        at = chance.randrange(len(pdf))
        yield at, changed(pdf, at, pdf[at] ^ chance.randrange(1, 256))


def hole_of(pdf: bytes) -> range:
    """Where the signature itself stands: the one part that it is not over."""
    before, after, _rest = map(int, signing.RANGE.search(pdf).groups())
    return range(before, after)


def test_the_file_is_the_unsigned_one_and_one_more_revision(plain, signed, key):
    assert signed.startswith(plain)
    assert len(signed) - len(plain) < 8_000
    assert is_ours(signed, key)
    assert text_of(signed) == text_of(plain)
    assert certificate_file.facts_in(signed) == certificate_file.facts_in(plain)


def test_another_library_finds_it_whole_and_certified_against_any_change(signed, key):
    """pyHanko's validator, from the bytes alone: PAdES, ECDSA over SHA-256, all of the file, DocMDP 1."""
    reader = PdfFileReader(io.BytesIO(signed))
    (signature,) = reader.embedded_regular_signatures
    ours = ValidationContext(trust_roots=[Certificate.load(key[0])], allow_fetching=False)
    # In a thread of its own: the validator starts an event loop, and a browser test may have left one running here.
    with ThreadPoolExecutor(1) as aside:
        said = aside.submit(validate_pdf_signature, signature, ours).result()
    assert said.trusted
    assert said.intact
    assert said.valid
    assert said.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert said.modification_level == ModificationLevel.NONE
    assert said.docmdp_ok
    assert (said.md_algorithm, said.pkcs7_signature_mechanism) == ("sha256", "sha256_ecdsa")
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.docmdp_level.value == 1
    assert signature.self_reported_timestamp == AT
    assert signature.signer_cert.dump() == key[0]
    attributes = {each["type"].native for each in signature.signer_info["signed_attrs"]}
    assert attributes == {"content_type", "message_digest", "signing_certificate_v2"}  # baseline B: no time in here
    assert not signature.signer_info["unsigned_attrs"].native


def test_a_strict_reader_finds_nothing_to_mend_and_the_standards_are_kept(signed):
    with pikepdf.open(io.BytesIO(signed)) as document:
        assert document.check_pdf_syntax() == []
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "3A"
        assert {"/AcroForm", "/Perms"} <= set(document.Root.keys())
        assert int(document.Root.AcroForm.SigFlags) == 3
        assert "/NeedAppearances" not in document.Root.AcroForm
        assert "/XFA" not in document.Root.AcroForm


def test_it_is_not_to_be_seen_but_to_be_heard(signed, plain):
    """PDF/A-3 asks that a field is printed and not hidden, PDF/UA-1 that it is a Form among the tags with a name."""
    with pikepdf.open(io.BytesIO(signed)) as document, pikepdf.open(io.BytesIO(plain)) as before:
        (field,) = document.Root.AcroForm.Fields
        assert (str(field.T), str(field.TU)) == ("Society", "Signature of the society")
        assert [int(each) for each in field.Rect] == [0, 0, 0, 0]
        assert int(field.F) & 4
        assert not int(field.F) & (1 | 2 | 32)  # invisible, hidden, not viewed
        assert field.objgen in [note.objgen for note in document.pages[0].Annots]
        numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
        found = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        assert list(found) == sorted(found)
        form = found[int(field.StructParent)]
        assert str(form.S) == "/Form"
        assert (str(form.K[0].Type), form.K[0].Obj.objgen) == ("/OBJR", field.objgen)
        assert form.P.objgen == document.Root.StructTreeRoot.K[0].objgen
        assert form.objgen in [kid.objgen for kid in form.P.K]
        assert len(numbers) == len(before.Root.StructTreeRoot.ParentTree.Nums) + 2


def test_one_byte_that_is_changed_is_seen(signed, key):
    """Sixty at random here; the long tests try five hundred of each file."""
    assert [at for at, wrong in flipped(signed, 60) if is_ours(wrong, key)] == []


def test_so_is_each_byte_of_the_signature_itself_and_of_what_says_where_it_is(signed, key):
    """Also a small letter for a capital one, which other programs pass over."""
    hole = hole_of(signed)
    for at in [*hole, *range(hole.start - 250, hole.start), *range(hole.stop, len(signed))]:
        assert not is_ours(changed(signed, at, signed[at] ^ 0x20), key), at
        assert not is_ours(changed(signed, at, signed[at] ^ 0x01), key), at


def test_no_room_is_left_in_the_signature(signed):
    hole = hole_of(signed)
    held = signed[hole.start : hole.stop]
    assert re.fullmatch(rb"<[0-9A-F]+>", held)
    assert ContentInfo.load(bytes.fromhex(held[1:-1].decode()), strict=True).dump() == bytes.fromhex(
        held[1:-1].decode()
    )


def test_signatures_of_earlier_releases_are_known_again():
    """What stands in a signature besides its digest and itself is what it was when the first one was made."""
    form = signing._form(base64.b64decode(KEPT))
    assert hashlib.sha256(form.file + form.said).hexdigest() == KEPT_FORM


def test_what_is_put_before_after_or_between_is_seen(signed, plain, key):
    hole = hole_of(signed)
    other = signing.signed(plain, signing_keys.ready(*key), at=AT)
    assert other != signed
    assert is_ours(other, key)
    for wrong in (
        b"%PDF-1.7\n" + signed,
        signed + b"\n",
        signed[:-1],
        signed + b"\n/ByteRange [0 1 2 3]",
        signed + signed,
        signed[: hole.start] + signed[hole.stop :],
        signed[: hole.start] + other[hole.start : hole.stop] + signed[hole.stop :].replace(b"Society", b"society"),
        plain,
        b"",
    ):
        assert not is_ours(wrong, key)


def test_the_key_of_another_is_not_ours(plain, signed, key):
    stranger = make()
    theirs = signing.signed(plain, signing_keys.ready(*stranger), at=AT)
    assert is_ours(theirs, stranger)
    assert not is_ours(theirs, key)
    assert not is_ours(signed, stranger)


def test_a_certificate_of_ours_with_anothers_signature_is_not_ours(plain, key):
    secret = ec.generate_private_key(ec.SECP256R1())
    forged = signing.signed(plain, signing.signer(key[0], secret), at=AT)
    assert not is_ours(forged, key)


@pytest.mark.parametrize(
    "numbers", [b"0 0 0 0", b"0 99999999 99999999 99999999", b"0 9 5 1", b"0 99999999999999999999 1 1"]
)
def test_a_range_that_lies_is_refused(signed, key, numbers):
    lying = re.sub(rb"/ByteRange \[[\d ]+\]", b"/ByteRange [" + numbers + b"]", signed)
    assert not is_ours(lying, key)


def test_the_certificate_of_a_key_says_whose_it_is_and_what_it_is_for(key):
    said = x509.load_der_x509_certificate(key[0])
    said.verify_directly_issued_by(said)
    assert said.public_key().curve.name == "secp256r1"
    assert said.subject.rfc4514_string().startswith("CN=RS007842 share certificates 1,O=Tŷ & Co")
    assert said.not_valid_after_utc.year == 9999
    usage = said.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not said.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert signing_keys.fingerprint(key[0]).replace(":", "").lower() == hashlib.sha256(key[0]).hexdigest()


def test_the_secret_half_is_encrypted_and_belongs_to_its_certificate(key):
    certificate, kept = key
    other = make()
    with pytest.raises(signing_keys.CannotOpen, match="SIGNING_SECRET"):
        signing_keys.ready(other[0], kept)
    with pytest.raises(signing_keys.CannotOpen):
        signing_keys.ready(certificate, changed(kept, 20, kept[20] ^ 1))
    assert (
        b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07" in certificate
    )  # the name of the curve: in every key in the clear
    assert b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07" not in kept
    assert make()[1] != make()[1]


def test_another_setting_opens_nothing(settings):
    certificate, kept = make()
    settings.SIGNING_SECRET = settings.SIGNING_SECRET + "x"
    with pytest.raises(signing_keys.CannotOpen, match="rotate_signing_keys"):
        signing_keys.ready(certificate, kept)


def test_the_tags_of_the_page_are_as_they_were():
    """All that is heard of a certificate is heard of the signed one, in the same order."""
    said = facts()
    plain = certificate_pdf.draw(said, token=TOKEN)
    signed = signing.signed(plain, signing_keys.ready(*make()), at=AT)
    with pikepdf.open(io.BytesIO(plain)) as before, pikepdf.open(io.BytesIO(signed)) as after:
        assert heard(after) == heard(before)


@pytest.mark.deep
def test_each_of_five_hundred_changed_bytes_is_seen(signed, key):
    assert [at for at, wrong in flipped(signed, FLIPS) if is_ours(wrong, key)] == []


def pdfsig(file) -> str:
    return subprocess.run(
        [shutil.which("pdfsig"), "-nocert", str(file)], capture_output=True, timeout=60, check=False
    ).stdout.decode(errors="replace")


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig of poppler-utils is not on this machine")
def test_pdfsig_sees_each_of_five_hundred_changed_bytes(signed, tmp_path):
    """What anybody has at hand: of the file as it is it says valid, and of none that was changed.

    Within the signature itself (a fiftieth of the file) it does not look at all of our certificate; our check does.
    """
    file = tmp_path / "certificate.pdf"
    file.write_bytes(signed)
    assert "Signature is Valid." in pdfsig(file)
    assert "Total document signed" in pdfsig(file)
    hole, unseen = hole_of(signed), []
    for at, wrong in flipped(signed, FLIPS):
        file.write_bytes(wrong)
        said = pdfsig(file)
        if at not in hole and "Signature is Valid." in said and "Total document signed" in said:
            unseen.append(at)
    assert unseen == []
