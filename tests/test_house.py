"""The house holds: rooms import to the left only, names say what things are, every table has its fences."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import SocietyRow

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ["common", "compliance", "offers", "payments", "members"]
DOORS = {"views", "urls", "api", "forms", "admin", "management", "tasks", "emails", "migrations", "apps", "gallery"}
OURS = [model for model in apps.get_models() if model._meta.app_label in HOUSE]


def is_door(path: Path) -> bool:
    inside = path.relative_to(ROOT).parts[1:]
    return bool(DOORS & {part.removesuffix(".py") for part in inside})


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms(app: str) -> list[Path]:
    return [path for path in sorted((ROOT / app).rglob("*.py")) if not is_door(path)]


@pytest.mark.parametrize("app", HOUSE)
def test_rooms_import_only_from_the_left(app):
    right = set(HOUSE[HOUSE.index(app) + 1 :])
    wrong = {
        str(path.relative_to(ROOT)): sorted(names)
        for path in rooms(app)
        if (names := {name for name in imported(path) if name.split(".")[0] in right})
    }
    assert wrong == {}


def test_nobody_imports_a_door_but_doors():
    wrong = {}
    for app in HOUSE:
        for path in rooms(app):
            names = {n for n in imported(path) if n.split(".")[0] in HOUSE and DOORS & set(n.split(".")[1:])}
            if names:
                wrong[str(path.relative_to(ROOT))] = sorted(names)
    assert wrong == {}


def test_a_wrong_arrow_would_be_seen(tmp_path):
    """The control: the walk finds an import wherever it stands."""
    sample = tmp_path / "sample.py"
    sample.write_text("def verb():\n    from members import ledger\n    return ledger\n")
    assert "members.ledger" in imported(sample)


def test_files_stay_short():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for app in [*HOUSE, "config", "bench"]
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
    }
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}
    assert sum(lines > 250 for lines in lengths.values()) <= len(lengths) / 10


def function_lengths() -> dict[str, int]:
    found = {}
    for app in [*HOUSE, "config", "bench"]:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    found[f"{path.relative_to(ROOT)}:{node.name}:{node.lineno}"] = node.end_lineno - node.lineno + 1
    return found


def test_functions_stay_short():
    lengths = function_lengths()
    assert {name: lines for name, lines in lengths.items() if lines > 50} == {}
    assert sum(lines > 25 for lines in lengths.values()) <= len(lengths) / 10


def test_no_file_is_named_after_nothing():
    vague = {"services.py", "utils.py", "helpers.py", "managers_util.py", "misc.py"}
    assert [path for app in HOUSE for path in (ROOT / app).rglob("*.py") if path.name in vague] == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_names_say_what_a_column_holds(model):
    """Sums end in _pence, days in _on, moments in _at."""
    for field in model._meta.concrete_fields:
        if field.model is not model or field.name in ("last_login",):
            continue
        assert isinstance(field, PenceField) == field.name.endswith("_pence"), field
        is_day = isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField)
        assert is_day == field.name.endswith("_on"), field
        assert isinstance(field, models.DateTimeField) == field.name.endswith("_at"), field


@pytest.mark.parametrize("model", [m for m in OURS if issubclass(m, SocietyRow)], ids=lambda m: m._meta.label)
def test_unique_keys_of_a_society_name_it(model):
    """But for the primary key, one-to-one links and what comes from outside: Stripe's ids, public tokens."""
    outside = {"token", "account_id", "session_id", "stripe_id", "idempotency_key"}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            assert "society" in constraint.fields or model._meta.model_name == "outgoingmail", constraint.name
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key and not isinstance(field, models.OneToOneField):
            assert field.name in outside, field


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_nothing_vanishes_with_something_else(model):
    for field in model._meta.concrete_fields:
        if field.is_relation and field.model is model and not field.auto_created:
            assert field.remote_field.on_delete is models.PROTECT, field


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_tables_with_money_have_a_check(model):
    if any(isinstance(field, PenceField) for field in model._meta.concrete_fields):
        assert any(isinstance(rule, models.CheckConstraint) for rule in model._meta.constraints)


@pytest.mark.parametrize("model", [m for m in OURS if issubclass(m, AppendOnly)], ids=lambda m: m._meta.label)
def test_append_only_models_carry_their_triggers(model):
    assert {"append_only", "never_truncated"} <= {trigger.name for trigger in model._meta.triggers}


def test_public_functions_say_what_they_promise():
    missing = []
    for app in HOUSE:
        for path in rooms(app):
            if path.name == "__init__.py" or "fakestripe" in path.parts:
                continue
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                    missing.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert missing == []
