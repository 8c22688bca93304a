"""The pages hold together: links lead somewhere, and nothing of one person's machine stands in them."""

import re
from pathlib import Path

import pytest

from members.rehearsal import events
from offers.choices import Oversubscription

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "static").rglob("*.md")])
FILES = [*PAGES, *sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file()), ROOT / "Makefile"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MACHINE = re.compile(r"(?<![\w.])/(?:work|tmp|root|home|Users)/\w")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.|ghcr\.io|docker\.io|quay\.io|gcr\.io|crates\.io|unpkg\.com|jsdelivr\.net"
    r"|--index-url|--extra-index-url|--registry",
    re.I,
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def headings(page: Path) -> set[str]:
    """The anchors that a page's headings give, as code hosts make them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def broken(page: Path) -> list[str]:
    """Links of a page that lead to no file or heading of ours."""
    found = []
    for link in LINK.findall(page.read_text()):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (anchor and anchor not in headings(path)):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    assert broken(page) == []


def test_a_broken_link_would_be_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](page.md#one) [b](page.md#two) [c](gone.md) [d](https://example.org/x) [e](#one)")
    assert broken(page) == ["page.md#two", "gone.md"]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_place_of_one_machine_and_no_registry(path):
    text = path.read_text()
    assert MACHINE.findall(text) == []
    assert REGISTRY.findall(text) == []


def test_the_lock_files_hold_hashes_and_no_address():
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert REGISTRY.findall(text) == []


def test_every_decision_is_listed_and_says_what_and_why():
    folder = ROOT / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text())
    assert listed == sorted(path.name for path in folder.glob("0*.md"))
    for place, file in enumerate(listed, start=1):
        text = (folder / file).read_text()
        assert file.startswith(f"{place:04}-")
        assert text.startswith(f"# {place:04} ")
        assert all(word in text for word in ("**Decided.**", "**Why.**", "**Costs.**", "**Would change it.**"))
        assert len(text.split()) < 350


@pytest.mark.parametrize(
    "file",
    [
        *("LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"),
        *(f"docs/{page}.md" for page in ("settings", "running", "architecture", "ledger", "rehearsal")),
    ],
)
def test_what_a_project_has_is_there(file):
    assert (ROOT / file).stat().st_size > 500


def test_the_licence_is_the_one_that_the_package_names():
    assert 'license = "AGPL-3.0-or-later"' in (ROOT / "pyproject.toml").read_text()
    text = (ROOT / "LICENSE").read_text()
    assert text.startswith("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007\n")
    assert all(f"\n{number}. " in text for number in range(18))


def test_the_changelog_begins_with_this_version():
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.M)[1]
    assert re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)[:2] == ["Unreleased", version]


def test_code_points_to_pages_that_are_there():
    said = set()
    for room in ("common", "compliance", "config", "offers", "payments", "members"):
        for path in (ROOT / room).rglob("*.py"):
            said |= set(re.findall(r"\bdocs/[\w./-]+\.md\b", path.read_text()))
    assert "docs/ledger.md" in said
    assert {page for page in said if not (ROOT / page).exists()} == set()


def test_the_rehearsal_page_names_every_key_event_and_column():
    """Compared with what the reader of the files asks for."""
    page = (ROOT / "docs" / "rehearsal.md").read_text()
    reader = (ROOT / "members" / "rehearsal" / "reading.py").read_text()
    asked = set(re.findall(r'(?:table|title|share)\.get\(\s*"(\w+)"', reader))
    tables = re.findall(r"^\| `\[+([a-z_.]+)\]+` \| (.+) \|$", page, re.M)
    assert {key for _, keys in tables for key in re.findall(r"`(\w+)`", keys)} == asked
    assert ",".join(events.COLUMNS) in page
    said = re.findall(r"^\| `([a-z-]+)` \|", page.split("## events.csv")[1].split("##")[0], re.M)
    assert said == list(events.EVENTS)
    strategies = re.findall(r"^\| `([a-z-]+)` \|", page.split("## How shares")[1].split("##")[0], re.M)
    assert strategies[1:] == Oversubscription.values  # after the heading of the table
