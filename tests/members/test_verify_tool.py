"""tools/verify.py: what anybody can check with Python alone."""

import ast
import importlib.util
import json
import sys
from pathlib import Path

import pytest

from members import sealed_downloads
from tests.members.test_downloads import society, taken  # noqa: F401 -- the fixture
from tests.members.test_register import offer  # noqa: F401 -- the fixture

pytestmark = pytest.mark.django_db
TOOL = Path(__file__).resolve().parent.parent.parent / "tools" / "verify.py"
spec = importlib.util.spec_from_file_location("verify_tool", TOOL)
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)


@pytest.fixture
def package(society, tmp_path):  # noqa: F811
    """A chain as JSON and its seal, in files."""
    sealed, content = taken("chain", "json", society)
    (tmp_path / "chain.json").write_bytes(content)
    (tmp_path / "seal.json").write_text(json.dumps(sealed_downloads.as_json(sealed)))
    return tmp_path


def run(folder: Path, *more: str, change=None) -> int:
    file = folder / "chain.json"
    if change:
        said = json.loads(file.read_text())
        change(said["rows"])
        file.write_text(json.dumps(said))
    return verify.main([str(file), *more])


def test_it_needs_nothing_but_the_standard_library():
    found = {name.split(".")[0] for node in ast.walk(ast.parse(TOOL.read_text()))
             for name in ([a.name for a in node.names] if isinstance(node, ast.Import)
                          else [node.module] if isinstance(node, ast.ImportFrom) else [])}  # fmt: skip
    assert found <= set(sys.stdlib_module_names)


def test_a_right_package_is_right(package, capsys):
    assert run(package, "--seal", str(package / "seal.json")) == 0
    assert capsys.readouterr().out.splitlines() == [
        "right: the bytes against the seal",
        "right: the chain of 6 entries",
        "right: entry 6 against what is known of it",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows[3].update(shares=501), "entry 4 is not what was hashed"),
        (lambda rows: rows[3].update(effective_on="2020-01-01"), "entry 4 is not what was hashed"),
        (lambda rows: rows.pop(2), "entry 3 is missing"),
        (lambda rows: rows.pop(), "its end was cut off"),
        (lambda rows: rows[4].update(previous_hash="00" * 32), "entry 5 does not hold the hash"),
        (lambda rows: rows[5].update(recorded_at="2000-01-01T00:00:00.000000Z"), "recorded before the entry before"),
    ],
    ids=["sum", "day", "gap", "end", "link", "moment"],
)
def test_what_was_tampered_with_is_named(package, capsys, change, words):
    assert run(package, "--seal", str(package / "seal.json"), change=change) == 1
    said = capsys.readouterr().out
    assert "not the one that was sealed" in said
    assert words in said


def test_a_chain_hashed_anew_is_seen_by_a_hash_that_was_kept(package, capsys):
    kept = json.loads((package / "chain.json").read_text())["rows"][4]["hash"]

    def anew(rows):
        rows[3]["shares"] = 501
        for place in range(3, 6):
            rows[place]["previous_hash"] = rows[place - 1]["hash"]
            rows[place]["hash"] = verify.entry_hash(rows[place])

    assert run(package, "--head", f"5:{kept[:8]}") == 0
    assert run(package, change=anew) == 0  # by itself it looks right
    assert run(package, "--head", f"5:{kept[:8]}") == 1
    assert "entry 5 has another hash" in capsys.readouterr().out


def test_a_file_alone_without_a_seal_is_not_called_right(package, capsys):
    (package / "chain.json").write_text("a,b\n1,2\n")
    assert run(package) == 1
    assert "nothing to check" in capsys.readouterr().out


def test_the_documented_example_has_the_documented_hash():
    """docs/ledger.md prints it; tests/members/test_ledger_page.py computes it by the site's own code."""
    text = (TOOL.parent.parent / "docs" / "ledger.md").read_text()
    rows = [line.split("|")[3].strip().strip("`") for line in text.split("### An example")[1].splitlines()
            if line.startswith("| ") and line.split("|")[1].strip().isdigit()][:19]  # fmt: skip
    row = dict(zip(verify.FIELDS, rows[1:], strict=True))
    assert verify.entry_hash(row) in text
