"""Check a download against its seal, and the chain of a ledger, with Python's standard library and nothing else.

    python tools/verify.py FILE [--seal SEAL.json] [--head SEQ:HASH]

FILE: anything that was downloaded; of the "chain" download as JSON every hash is computed anew. SEAL.json: the seal
that the site gives for a download. --head: number and hash of an entry that you kept elsewhere, such as on a
certificate. Prints a line for each thing checked, and ends with 1 where one does not hold. docs/ledger.md says how
entries are hashed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

DOMAIN = "toad-lane/ledger-entry/v1"
FIELDS = [
    "society", "seq", "member", "share_class", "kind", "shares", "amount_pence", "effective_on", "recorded_at",
    "recorded_by", "offer", "application", "certificate_no", "reverses_seq", "authority", "parties", "commitment",
    "previous_hash",
]  # fmt: skip


def entry_hash(row: dict) -> str:
    """SHA-256 over the texts of an entry, each with its length before it, as hexadecimal."""
    texts = [DOMAIN, *("" if row[name] is None else str(row[name]) for name in FIELDS)]
    parts = [text.encode() for text in texts]
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).hexdigest()


def chain_faults(rows: list[dict]) -> list[str]:
    """What is wrong with a ledger's entries, in words; nothing where each follows the one before."""
    found, before, moment = [], "00" * 32, ""
    for seq, row in enumerate(rows, start=1):
        if row["seq"] != seq:
            return [*found, f"entry {seq} is missing: entry {row['seq']} stands in its place"]
        if row["previous_hash"] != before:
            found.append(f"entry {seq} does not hold the hash of the entry before it")
        if entry_hash(row) != row["hash"]:
            found.append(f"entry {seq} is not what was hashed")
        if row["recorded_at"] < moment:
            found.append(f"entry {seq} was recorded before the entry before it")
        before, moment = row["hash"], row["recorded_at"]
    return found


def head_fault(rows: list[dict], seq: int, wanted: str) -> str:
    """What is wrong with one entry that is known from elsewhere; `wanted` may be the beginning of its hash."""
    if seq == 0:
        return ""
    if len(rows) < seq:
        return f"the ledger ends at entry {len(rows)}, and entry {seq} was known: its end was cut off"
    return "" if rows[seq - 1]["hash"].startswith(wanted.lower()) else f"entry {seq} has another hash than was known"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--seal", type=Path)
    parser.add_argument("--head", metavar="SEQ:HASH")
    asked = parser.parse_args(arguments)
    content, faults, checked = asked.file.read_bytes(), [], []
    seal = json.loads(asked.seal.read_text()) if asked.seal else {}
    if seal:
        checked.append("the bytes against the seal")
        if hashlib.sha256(content).hexdigest() != seal["sha256"] or len(content) != seal["size"]:
            faults.append("the file is not the one that was sealed")
    rows = []
    if content[:1] == b"{" and (said := json.loads(content)).get("download") == "chain":
        rows = said["rows"]
        checked.append(f"the chain of {len(rows)} entries")
        faults += chain_faults(rows)
    heads = [asked.head.partition(":")[::2]] if asked.head else []
    heads += [(seal["head_seq"], seal["head_hash"])] if seal and rows else []
    for seq, wanted in heads if rows else []:
        checked.append(f"entry {seq} against what is known of it")
        faults += filter(None, [head_fault(rows, int(seq), wanted)])
    for words in faults or [f"right: {words}" for words in checked] or ["nothing to check: give --seal, or a chain"]:
        print(words)
    return 1 if faults or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
