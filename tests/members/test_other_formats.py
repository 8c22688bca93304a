"""Packages for other programs: Open Cap Format against its schemas where they are to be had, a journal for hledger."""

import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from common import clock
from members import ledger
from members.models import LedgerEntry
from members.register import journal, open_cap_format
from tests.factories import make_user
from tests.members.test_downloads import society, taken  # noqa: F401 -- the fixture
from tests.members.test_register import member, offer  # noqa: F401 -- the fixture

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMAS = Path(os.environ.get("OCF_SCHEMAS", ROOT.parent / "ocf-schema"))  # a copy of that project's schema folder
FILES = {
    "Manifest.ocf.json": "files/OCFManifestFile",
    "Stakeholders.ocf.json": "files/StakeholdersFile",
    "StockClasses.ocf.json": "files/StockClassesFile",
    "Transactions.ocf.json": "files/TransactionsFile",
}
# What the schemas require, recorded for where they are not to be had.
REQUIRED = {
    "STAKEHOLDER": {"id", "object_type", "name", "stakeholder_type"},
    "STOCK_CLASS": {"id", "object_type", "name", "class_type", "default_id_prefix", "initial_shares_authorized",
                    "votes_per_share", "seniority"},
    "TX_STOCK_ISSUANCE": {"id", "object_type", "date", "security_id", "custom_id", "stakeholder_id", "stock_class_id",
                          "share_price", "quantity", "stock_legend_ids", "security_law_exemptions"},
    "TX_STOCK_CANCELLATION": {"id", "object_type", "date", "security_id", "quantity", "reason_text"},
}  # fmt: skip


@pytest.fixture
def package(society) -> dict[str, dict]:  # noqa: F811
    ledger.reverse(LedgerEntry.objects.get(member=member("Ada Lovelace")), reason="Twice.", by=make_user())
    made = open_cap_format.package(society, on=clock.today(), known_at=clock.now())
    with made as file, zipfile.ZipFile(file) as book:
        return {name: json.loads(book.read(name)) for name in book.namelist()}


def test_the_package_holds_every_object_with_what_the_standard_requires(package):
    assert set(package) == set(FILES)
    for name in set(FILES) - {"Manifest.ocf.json"}:
        for item in package[name]["items"]:
            assert REQUIRED[item["object_type"]] <= set(item)
    kinds = [item["object_type"] for item in package["Transactions.ocf.json"]["items"]]
    assert kinds == ["TX_STOCK_ISSUANCE"] * 6 + ["TX_STOCK_CANCELLATION"]
    assert len(package["Stakeholders.ocf.json"]["items"]) == 6
    assert package["Manifest.ocf.json"]["comments"] == open_cap_format.GAPS


def test_the_package_is_what_the_schemas_ask(package):
    if not SCHEMAS.is_dir():
        print("NOT RUN: no schemas of the Open Cap Format; put them beside the project or name them in OCF_SCHEMAS")
        pytest.skip("the schemas of the Open Cap Format are not here")
    import jsonschema
    from referencing import Registry, Resource

    schemas = [json.loads(path.read_text()) for path in SCHEMAS.rglob("*.schema.json")]
    registry = Registry().with_resources([(schema["$id"], Resource.from_contents(schema)) for schema in schemas])
    for name, place in FILES.items():
        schema = json.loads((SCHEMAS / f"{place}.schema.json").read_text())
        checks = jsonschema.Draft202012Validator(schema, registry=registry)
        assert [error.message for error in checks.iter_errors(package[name])] == [], name


def test_every_kind_of_entry_has_its_place_in_both_formats():
    kinds = {kind for kind, _words in LedgerEntry.KINDS}
    assert {*open_cap_format.ISSUED, *open_cap_format.CANCELLED} == kinds
    assert set(journal.AGAINST) == kinds - {"reversal"}


def test_the_md5_of_each_file_is_that_of_the_manifest(society):  # noqa: F811
    import hashlib

    _sealed, content = taken("open-cap-format", "zip", society)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        manifest = json.loads(book.read("Manifest.ocf.json"))
        for name in ("stakeholders_files", "stock_classes_files", "transactions_files"):
            (file,) = manifest[name]
            assert hashlib.md5(book.read(file["filepath"])).hexdigest() == file["md5"]


def test_the_journal_balances_and_adds_up_to_the_capital(society):  # noqa: F811
    ledger.reverse(LedgerEntry.objects.get(member=member("Ada Lovelace")), reason="Twice; £5.", by=make_user())
    sealed, content = taken("accounts", "journal", society)
    sums = [re.findall(r"  £(-?[\d.]+)$", block, re.M) for block in content.decode().split("\n\n")[1:]]
    assert [float(a) + float(b) for a, b in filter(None, sums)] == [0] * 7
    assert sum(float(pair[0]) for pair in sums if pair) == 703 == sealed.totals["amount_paid"] / 100
    assert "Ada" not in content.decode()


@pytest.mark.deep
def test_hledger_reads_and_balances_the_journal(society, tmp_path):  # noqa: F811
    if not shutil.which("hledger"):
        print("NOT RUN: hledger is not installed (Debian: apt-get install hledger)")
        pytest.skip("hledger is not installed")
    ledger.reverse(LedgerEntry.objects.get(member=member("Ada Lovelace")), reason="Twice.", by=make_user())
    _sealed, content = taken("accounts", "journal", society)
    (tmp_path / "shares.journal").write_bytes(content)
    command = ["hledger", "-f", str(tmp_path / "shares.journal")]
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    run = {"capture_output": True, "text": True, "check": True, "env": environment}
    subprocess.run([*command, "check"], **run)
    balance = subprocess.run([*command, "balance", "Equity", "--depth", "2", "-N"], **run).stdout
    assert "-703.00" in balance.replace("£", "")
