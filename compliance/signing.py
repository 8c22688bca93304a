"""Signing a certificate's file: PAdES baseline-B with ECDSA on P-256, certified so that nothing may change after it.

A file is signed when somebody takes it, so its bytes differ each time; the file without a signature does not. Nothing
is asked of a network: no time stamp, no revocation. To check a file the very same signature is built again and compared
with what stands there, so that nothing of a stranger's file is ever parsed (`intact`).
"""

from __future__ import annotations

import functools
import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_der_x509_certificate
from django.utils.translation import gettext as _
from django.utils.translation import override

FIELD = "Society"
DIGEST = "sha256"
LENGTH = 72  # bytes of a signature in DER: of those with this length only, so that nothing is left empty in the file
MARK = bytes(range(128, 160))
RANGE = re.compile(rb"/ByteRange \[0 (\d{1,8}) (\d{1,8}) (\d{1,8})\]")
HOLE = re.compile(rb"([0-9A-F]{%d})>" % (2 * LENGTH))


@dataclass(frozen=True)
class Signer:
    """A society's key, ready for use. `sign`: bytes to a signature in DER, of LENGTH bytes."""

    certificate: bytes
    sign: Callable[[bytes], bytes]


def signer(certificate: bytes, private_key: ec.EllipticCurvePrivateKey) -> Signer:
    """The key whose certificate (X.509 in DER) this is."""

    def sign(said: bytes) -> bytes:
        while len(made := private_key.sign(said, ec.ECDSA(hashes.SHA256()))) != LENGTH:
            pass  # one in four has this length, and each takes a thirtieth of a millisecond
        return made

    return Signer(certificate, sign)


def signed(pdf: bytes, by: Signer, *, at: datetime) -> bytes:
    """The certificate's file with one more revision, which holds the signature. `at`: what it says of its time."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
    from pyhanko.sign.signers.pdf_byterange import SignatureObject

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    with override("en-gb"):
        named = _("Signature of the society")
    steps = PdfCMSEmbedder(SigFieldSpec(FIELD, readable_field_name=named)).write_cms(FIELD, writer)
    _put_among_the_tags(writer, next(steps))
    form = _form(by.certificate)
    room = 2 * (len(form.file) + LENGTH)
    steps.send(
        SigObjSetup(
            SignatureObject(timestamp=at, subfilter=SigSeedSubFilter.PADES, bytes_reserved=room),
            SigMDPSetup(md_algorithm=DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES),
        )
    )
    prepared, output = steps.send(SigIOSetup(md_algorithm=DIGEST))
    steps.send(form.filled(prepared.document_digest, by.sign))
    return output.getvalue()


def _put_among_the_tags(writer, field) -> None:
    """PDF/UA wants a form's field among the tags, seen or not (ISO 14289-1, 7.18.4); PDF/A forbids to hide it."""
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

    tree = writer.root["/StructTreeRoot"]
    document, parents = tree["/K"].raw_get(0), tree["/ParentTree"]
    numbers, page = parents["/Nums"], writer.root["/Pages"]["/Kids"].raw_get(0)
    place = NumberObject(int(numbers[-2]) + 1)
    pointer = {"/Type": NameObject("/OBJR"), "/Obj": field, "/Pg": page}
    element = writer.add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject("/Form"),
                NameObject("/P"): document,
                NameObject("/Pg"): page,
                NameObject("/K"): ArrayObject([DictionaryObject({NameObject(k): v for k, v in pointer.items()})]),
            }
        )
    )
    document.get_object()["/K"].append(element)
    numbers.extend([place, element])
    field.get_object()["/StructParent"] = place
    writer.update_container(document.get_object()["/K"])
    writer.update_container(numbers)


@dataclass(frozen=True)
class _Form:
    """What the signatures of one certificate share: `file` as it stands in a file, but for the signature that ends it,
    and `said`, what is signed; in both MARK stands for the digest of the file.
    """

    file: bytes
    said: bytes

    def filled(self, digest: bytes, sign: Callable[[bytes], bytes]) -> bytes:
        return self.file.replace(MARK, digest) + sign(self.said.replace(MARK, digest))


@functools.lru_cache(maxsize=256)
def _form(certificate: bytes) -> _Form:
    """What PAdES baseline-B asks to be signed, and no more (ETSI EN 319 142-1, 6.3): the content's kind and digest, and
    which certificate it was. Nothing in it depends on the moment. pyHanko takes 8 ms for it, so it is kept.
    """
    from asn1crypto.cms import CMSAttributes
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute

    ours = Certificate.load(certificate)
    attributes = CMSAttributes(
        [
            simple_cms_attribute("content_type", "data"),
            simple_cms_attribute("message_digest", MARK),
            simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(ours)),
        ]
    )
    builder = _builder()(signing_cert=ours)
    file = _ended(builder.async_sign_prescribed_attributes(DIGEST, attributes)).dump()
    form = _Form(file[:-LENGTH], attributes.dump())
    if not file.endswith(bytes(LENGTH)) or [form.file.count(MARK), form.said.count(MARK)] != [1, 1]:
        raise ValueError("A signature does not look as we know it.")
    return form


@functools.cache
def _builder():
    """pyHanko's builder of signatures, with noughts where the signature will be. Loads slowly, so only when needed."""
    from pyhanko.sign.signers import Signer as Base

    class Blank(Base):
        async def async_sign_raw(self, data, digest_algorithm, dry_run=False):
            return bytes(LENGTH)

        async def unsigned_attrs(self, *args, **kwargs):
            return None

    return Blank


def _ended(coroutine):
    """What a coroutine gives that waits for nothing: the key is at hand."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("A signature waited for something.")


def intact(pdf: bytes, *, certificate: bytes) -> bool:
    """Whether the file as it is, to its last byte, is one that the key of this certificate has signed.

    Exact: not one byte may differ from what we write, those that readers pass over (the case of a figure) included.
    """
    ranges = RANGE.findall(pdf)
    if not ranges:
        return False
    before, after, rest = map(int, ranges[-1])
    form, digest = _form(certificate), hashlib.sha256(pdf[:before] + pdf[after:]).digest()
    start = b"<" + form.file.replace(MARK, digest).hex().upper().encode()
    hole = HOLE.fullmatch(pdf, before + len(start), after)
    if not pdf.startswith(start, before) or hole is None or after + rest != len(pdf):
        return False
    try:
        key = load_der_x509_certificate(certificate).public_key()
        key.verify(bytes.fromhex(hole[1].decode()), form.said.replace(MARK, digest), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
