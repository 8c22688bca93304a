"""docs/ledger.md can be followed: its examples, computed from the page alone, are what the code computes."""

import hashlib
import hmac
import re
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from common import merkle
from members import chain, seals
from members.models import LedgerEntry

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "ledger.md").read_text()
ENTRY, REST = PAGE.split("## People")
PARTICULARS, SEAL = REST.split("## Seals")
HASHES = re.findall(r"^    ([0-9a-f]{64})$", PAGE, re.M)


def texts(part: str) -> list[str]:
    """The values of a part's table, by place."""
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| (?:`(.*)` )?\|$", part, re.M)
    assert [int(place) for place, _ in rows] == list(range(len(rows)))
    return [value.replace("\\n", "\n") for _, value in rows]


def encoded(values: list[str]) -> bytes:
    """What the page describes in words, written here a second time."""
    return b"".join(len(value.encode()).to_bytes(4, "big") + value.encode() for value in values)


def test_the_entry_of_the_page_has_the_hash_of_the_page():
    raw = encoded(texts(ENTRY))
    assert hashlib.sha256(raw).hexdigest() == HASHES[0]
    begins, length = re.search(r"begins with the bytes `([0-9a-f]+)` and is (\d+) bytes long", PAGE).groups()
    assert raw.hex().startswith(begins)
    assert len(raw) == int(length)


def entry_fields(values: list[str]) -> dict:
    """The page's texts as the code knows them."""
    ids = iter(uuid.UUID(values[place]) for place in (1, 3, 4, 10, 11, 12))
    names = ("society_id", "member_id", "share_class_id", "recorded_by_id", "offer_id", "application_id")
    return dict(zip(names, ids, strict=True)) | {
        "seq": int(values[2]),
        "kind": values[5],
        "shares": int(values[6]),
        "amount_pence": int(values[7]),
        "effective_on": date.fromisoformat(values[8]),
        "recorded_at": datetime.fromisoformat(values[9].replace("Z", "+00:00")).astimezone(UTC),
        "certificate_number": int(values[13]),
        "reverses_seq": None,
        "authority": values[15],
        "party_ids": [uuid.UUID(party) for party in reversed(values[16].split(","))],
        "particulars_commitment": bytes.fromhex(values[17]),
        "previous_hash": bytes.fromhex(values[18]),
    }


def test_the_code_computes_the_same():
    values = texts(ENTRY)
    assert values[0] == chain.ENTRY
    assert values[14] == ""
    assert chain.entry_hash(**entry_fields(values)).hex() == HASHES[0]


@pytest.mark.parametrize("place", range(19))
def test_each_text_of_the_page_counts(place):
    values = texts(ENTRY)
    assert len(values) == 19
    values[place] += "1"
    assert hashlib.sha256(encoded(values)).hexdigest() != HASHES[0]


def test_the_commitment_of_the_page():
    values = texts(PARTICULARS)
    salt = bytes.fromhex(re.search(r"With the salt `([0-9a-f]{32})`", PAGE)[1])
    assert hmac.digest(salt, encoded(values), "sha256").hex() == HASHES[1] == texts(ENTRY)[17]
    names = ("name", "joint_names", "representative", "address", "postcode", "country", "email")
    assert values[0] == chain.PARTICULARS
    assert chain.commitment(salt, **dict(zip(names, values[1:], strict=True))).hex() == HASHES[1]


def test_the_page_names_every_kind_of_entry():
    (said,) = re.findall(r"^Kinds: (.+)\.$", PAGE, re.M)
    assert re.findall(r"`(\w+)`", said) == [kind for kind, _ in LedgerEntry.KINDS]


def test_the_first_entry_follows_zero_bytes():
    assert texts(ENTRY)[18] == chain.NOTHING_BEFORE.hex()
    assert len(chain.new_salt()) == 16


def test_the_seal_of_the_page():
    values = texts(SEAL)
    entry, root = bytes.fromhex(HASHES[0]), hashlib.sha256(b"\x00" + bytes.fromhex(HASHES[0])).digest()
    assert values[4:6] == [entry.hex(), root.hex()]
    assert hashlib.sha256(encoded(values)).hexdigest() == HASHES[2]
    assert (merkle.root([entry]), seals.SEAL) == (root, values[0])
    computed = seals.hash_of(
        society_id=uuid.UUID(values[1]),
        number=int(values[2]),
        entries=int(values[3]),
        head_hash=entry,
        root=root,
        sealed_at=datetime.fromisoformat(values[6].replace("Z", "+00:00")),
        previous_hash=bytes.fromhex(values[7]),
    )
    assert computed.hex() == HASHES[2]
