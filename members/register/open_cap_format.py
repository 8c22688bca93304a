"""The holders, classes and movements as an Open Cap Format package: the one open format of cap tables there is.

Version 1.2.1-alpha+main of the Open Cap Table Coalition's JSON schemas. It was made for companies, so some of a
society cannot be said in it; each gap is said in the manifest's comments (GAPS).
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO

from common.exports.tables import copied
from offers.models import ShareClass, Society

VERSION = "1.2.1-alpha+main"
GAPS = [
    "One member has one vote, whatever they hold; the format counts votes by share, so votes_per_share is 0 here.",
    "Joint holders, children with an adult, and syndicates are one stakeholder; their names stand in its comments.",
    "The format has no relationship of a member, so current_relationships is INVESTOR.",
    "A reversal is a cancellation that names the entry it answers; the shares were never in the society.",
    "No number of shares is authorised: withdrawable share capital has no fixed amount.",
    "The chain of hashes, electronic addresses' purposes and other property have no place in the format.",
]
ISSUED = ("founding", "allotment", "match")  # a TX_STOCK_ISSUANCE each
CANCELLED = ("reversal",)  # a TX_STOCK_CANCELLATION of the entry that is reversed
WAY = "FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02'"
KNOWN = "effective_on <= %(on)s AND recorded_at <= %(known_at)s"
STAKEHOLDERS = f"""
    WITH said AS (
        SELECT DISTINCT ON (member_id) * FROM members_particulars WHERE society_id = %(society)s AND {KNOWN}
        ORDER BY member_id, effective_on DESC, recorded_at DESC
    )
    SELECT json_strip_nulls(json_build_object(
        'object_type', 'STAKEHOLDER', 'id', m.id, 'name', json_build_object('legal_name', said.name),
        'stakeholder_type', CASE WHEN holder.kind IN ('organisation', 'registered-society') THEN 'INSTITUTION'
                                 ELSE 'INDIVIDUAL' END,
        'issuer_assigned_id', m.number::text, 'current_relationships', json_build_array('INVESTOR'),
        'contact_info', CASE WHEN said.email <> '' THEN json_build_object('emails', json_build_array(
            json_build_object('email_type', 'PERSONAL', 'email_address', said.email))) END,
        'addresses', json_build_array(json_strip_nulls(json_build_object('address_type', 'LEGAL',
            'street_suite', said.address, 'postal_code', nullif(said.postcode, ''), 'country', said.country))),
        'comments', json_build_array('holder: ' || holder.kind, 'joint holders: ' || said.joint_names,
            'representative: ' || said.representative)))
    FROM members_member m
    JOIN said ON said.member_id = m.id
    JOIN offers_holder holder ON holder.id = m.holder_id
    WHERE m.society_id = %(society)s AND m.entered_on <= %(on)s ORDER BY m.number
"""
TRANSACTIONS = """
    SELECT CASE WHEN entry.reverses_id IS NULL THEN json_build_object(
        'object_type', 'TX_STOCK_ISSUANCE', 'id', entry.id, 'security_id', 'security-' || entry.seq,
        'date', entry.effective_on, 'custom_id', coalesce('Certificate ' || certificate.number, 'Entry ' || entry.seq),
        'stakeholder_id', entry.member_id, 'stock_class_id', entry.share_class_id, 'quantity', entry.shares::text,
        'share_price', json_build_object('amount', (class.nominal_pence * 0.01)::text, 'currency', 'GBP'),
        'stock_legend_ids', json_build_array(), 'security_law_exemptions', json_build_array(),
        'comments', json_build_array('ledger entry ' || entry.seq || ': ' || entry.authority))
    ELSE json_build_object(
        'object_type', 'TX_STOCK_CANCELLATION', 'id', entry.id, 'security_id', 'security-' || reversed.seq,
        'date', entry.effective_on, 'quantity', (-entry.shares)::text, 'reason_text', entry.authority,
        'comments', json_build_array('ledger entry ' || entry.seq || ' reverses ' || reversed.seq)) END
    FROM members_ledgerentry entry
    JOIN offers_shareclass class ON class.id = entry.share_class_id
    LEFT JOIN compliance_certificate certificate ON certificate.id = entry.certificate_id
    LEFT JOIN members_ledgerentry reversed ON reversed.id = entry.reverses_id
    WHERE entry.society_id = %(society)s AND entry.effective_on <= %(on)s AND entry.recorded_at <= %(known_at)s
    ORDER BY entry.seq
"""


def package(society: Society, *, on: date, known_at: datetime) -> IO[bytes]:
    """The package as a zip in a temporary file, open at its beginning. The same question gives the same bytes."""
    params = {"society": society.pk, "on": on, "known_at": known_at}
    file, sums = tempfile.TemporaryFile(), {}  # noqa: SIM115 -- the response closes it when it has been sent
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, kind, items in (
            ("Stakeholders", "OCF_STAKEHOLDERS_FILE", _copied(STAKEHOLDERS, params)),
            ("StockClasses", "OCF_STOCK_CLASSES_FILE", _classes(society)),
            ("Transactions", "OCF_TRANSACTIONS_FILE", _copied(TRANSACTIONS, params)),
        ):
            sums[name] = _write_items(book, f"{name}.ocf.json", kind, items)
        text = json.dumps(_manifest(society, on, known_at, sums), indent=1, ensure_ascii=False)
        book.writestr(zipfile.ZipInfo("Manifest.ocf.json"), text)
    file.seek(0)
    return file


def _copied(statement: str, params: dict) -> Iterator[bytes]:
    with copied(f"COPY ({statement}) TO STDOUT WITH ({WAY})", params) as copy:
        for row in copy:
            yield bytes(row).rstrip(b"\n")


def _classes(society: Society) -> Iterator[bytes]:
    for share_class in ShareClass.objects.filter(society=society).order_by("name"):
        worth = {"amount": f"{share_class.nominal_pence / 100:.2f}", "currency": "GBP"}
        yield json.dumps(
            {
                "object_type": "STOCK_CLASS",
                "id": str(share_class.pk),
                "name": share_class.name,
                "class_type": "COMMON",
                "default_id_prefix": "Certificate ",
                "initial_shares_authorized": "NOT APPLICABLE",
                "votes_per_share": "0",
                "par_value": worth,
                "price_per_share": worth,
                "seniority": "1",
            },
            ensure_ascii=False,
        ).encode()


def _write_items(book: zipfile.ZipFile, name: str, kind: str, items: Iterator[bytes]) -> str:
    """Write one file of objects; its MD5, which the manifest must hold."""
    part, digest = zipfile.ZipInfo(name), hashlib.md5(usedforsecurity=False)
    part.compress_type = zipfile.ZIP_DEFLATED
    with book.open(part, "w", force_zip64=True) as file:
        before = f'{{"file_type": "{kind}", "items": [\n'.encode()
        for item in items:
            piece = before + item
            file.write(piece)
            digest.update(piece)
            before = b",\n"
        piece = (b"" if before == b",\n" else before) + b"\n]}\n"
        file.write(piece)
        digest.update(piece)
    return digest.hexdigest()


def _manifest(society: Society, on: date, known_at: datetime, sums: dict[str, str]) -> dict:
    files = {name: [{"filepath": f"{name}.ocf.json", "md5": digest}] for name, digest in sums.items()}
    return {
        "ocf_version": VERSION,
        "file_type": "OCF_MANIFEST_FILE",
        "issuer": {
            "object_type": "ISSUER",
            "id": str(society.pk),
            "legal_name": society.registered_name,
            "formation_date": society.registered_on.isoformat(),
            "country_of_formation": "GB",
            "address": {"address_type": "LEGAL", "street_suite": society.registered_office, "country": "GB"},
            "tax_ids": [],
            "comments": [f"registered number {society.register_number}"],
        },
        "as_of": on.isoformat(),
        "generated_at": known_at.isoformat(),
        "comments": GAPS,
        "stakeholders_files": files["Stakeholders"],
        "stock_classes_files": files["StockClasses"],
        "transactions_files": files["Transactions"],
        "stock_plans_files": [],
        "stock_legend_templates_files": [],
        "vesting_terms_files": [],
        "valuations_files": [],
    }
