"""The house stands: who may import whom, what no room may do, how long things grow, which words are not used."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from survey import door

HERE = Path(__file__).parent.parent
ROOMS = {"child", "staff", "research", "admin"}
FRAME = {
    "__init__",
    "door",
    "parts",
    "look",
    "errors",
    "language",
    "listen",
}  # what is around the rooms: the only other users of Flask
OUTSIDE = {"cli", "cli_check", "cli_voices", "demonstration"}  # called by an operator, never by a room
WEB = {"flask", "flask_babel", "flask_wtf", "flask_compress", "wtforms", "werkzeug", "jinja2", "markupsafe"}
MAY_USE_THE_STATISTICS = {"survey.staff", "survey.research.reports", "survey.cli"}

# Reading without anybody's scope, or showing HTML as it is: each place with its reason.
UNSCOPED = {
    "survey/admin/readers.py": "how many children read a language: counts",
    "survey/research/whole.py": "counts, and tables that pass disclosure control or hold no names",
    "survey/staff/concerns.py": "a child's name for a safeguarding lead, with a reason, in the record",
}
AS_IT_IS = {"survey/research/reports.py": "the report our own statistics made and escaped"}

LONGEST_FILE, LONGEST_FUNCTION = 400, 40
GETTEXT = ("survey.translation", "domain")  # gettext's own word for one set of texts; nothing to do with topics
NOT_OUR_WORDS = {"respondent", "domain", "band", "cohort", "ticket", "facility", "phase", "theme"}
FORBIDDEN_IN_TEMPLATES = re.compile(r"\|\s*safe\b|autoescape\s+false|\|\s*attr\(|__class__")


@dataclass(frozen=True)
class Module:
    """A Python file of ours: its name, its place, its syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def place(self) -> str:
        """The path as people write it."""
        return self.path.relative_to(HERE).as_posix()

    @property
    def part(self) -> str:
        """The part of the package it belongs to: `admin`, `models`, `receive` …"""
        return [*self.name.split("."), "__init__"][1]


def modules(package: str) -> list[Module]:
    """Return every module of a package."""
    found = []
    for path in sorted((HERE / package).rglob("*.py")):
        parts = path.relative_to(HERE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(name, path, ast.parse(path.read_text("utf-8"))))
    return found


def imports(module: Module) -> Iterator[str]:
    """Yield the full name of everything a module imports, wherever in the file."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.path.name == "__init__.py" else module.name.split(".")[:-1]
    above = package[: len(package) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


SURVEY, ANALYSIS = modules("survey"), modules("analysis")
IN_ROOMS = [module for module in SURVEY if module.part in ROOMS]
VERBS = [m for m in SURVEY if m.part not in ROOMS | FRAME | OUTSIDE | {"models", "instrument"}]


def of(found: str) -> str:
    """Return the part of survey that an imported name belongs to ('' if it is not ours)."""
    parts = found.split(".")
    return parts[1] if parts[0] == "survey" and len(parts) > 1 else ""


def test_there_is_a_house_to_look_at() -> None:
    assert len(IN_ROOMS) > 20
    assert {"receive", "decide", "reply", "export"} <= {module.part for module in VERBS}
    assert len(ANALYSIS) > 10


@pytest.mark.parametrize("module", IN_ROOMS, ids=lambda module: module.name)
def test_a_room_never_imports_another_room_nor_the_command_line(module: Module) -> None:
    others = (ROOMS | OUTSIDE) - {module.part}

    assert not {found for found in imports(module) if of(found) in others}


@pytest.mark.parametrize("module", VERBS, ids=lambda module: module.name)
def test_a_verb_knows_no_web_and_no_room(module: Module) -> None:
    found = set(imports(module))

    assert not {name for name in found if name.split(".")[0] in WEB}
    assert not {name for name in found if of(name) in ROOMS | OUTSIDE | (FRAME - {"__init__"})} - LANGUAGES


LANGUAGES = {"survey.language", "survey.language.LANGUAGES"}  # a table of languages, also for verbs


def test_models_import_nothing_of_ours_but_models() -> None:
    for module in SURVEY:
        if module.part == "models":
            ours = {found for found in imports(module) if found.split(".")[0] in ("survey", "analysis")}
            assert all(of(found) == "models" for found in ours), module.name
            assert not {found for found in imports(module) if found.split(".")[0] in WEB}, module.name


def test_the_questionnaire_language_stands_on_its_own() -> None:
    for module in SURVEY:
        if module.part == "instrument":
            for found in imports(module):
                known = found.split(".")[0] in sys.stdlib_module_names or found.split(".")[0] == "lark"
                assert known or of(found) == "instrument", f"{module.name} imports {found}"


def test_the_statistics_know_no_web_and_no_database() -> None:
    for module in ANALYSIS:
        found = {name.split(".")[0] for name in imports(module)}
        assert not found & {"survey", "sqlalchemy", "flask"}, module.name


def test_only_these_use_the_statistics() -> None:
    for module in SURVEY:
        if any(found.split(".")[0] == "analysis" for found in imports(module)):
            assert any(f"{module.name}.".startswith(f"{place}.") for place in MAY_USE_THE_STATISTICS), module.name


@pytest.mark.parametrize("folder", ["questionnaires", "translations"])
def test_data_folders_hold_no_python(folder: str) -> None:
    assert not list((HERE / folder).rglob("*.py"))


@pytest.mark.parametrize("module", IN_ROOMS, ids=lambda module: module.name)
def test_no_room_walks_around_the_scope_or_the_escaping(module: Module) -> None:
    wrong = sorted(set(_dangers(module)))

    assert not wrong


def _dangers(module: Module) -> Iterator[str]:
    found = set(imports(module))
    yield from found & {"sqlalchemy.text", "sqlalchemy.literal_column", "pickle", "subprocess", "pandas"}
    for node in ast.walk(module.tree):
        name = _called(node)
        if name in {
            "eval",
            "exec",
            "compile",
            "render_template_string",
            "exec_driver_sql",
            "connection",
            "create_engine",
        }:
            yield name
        if name.startswith("read_sql") or (name == "sessions" and module.place not in UNSCOPED):
            yield name
        if name == "Markup" and module.place not in AS_IT_IS:
            yield name


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    called = node.func
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


@pytest.mark.parametrize("place", [*UNSCOPED, *AS_IT_IS])
def test_every_exception_is_still_needed(place: str) -> None:
    module = next(module for module in SURVEY if module.place == place)

    assert {"sessions", "Markup"} & {_called(node) for node in ast.walk(module.tree)}


def test_no_template_switches_escaping_off() -> None:
    templates = list((HERE / "survey" / "templates").rglob("*.html"))
    assert len(templates) > 20
    for path in templates:
        assert not FORBIDDEN_IN_TEMPLATES.search(path.read_text("utf-8")), path


@pytest.mark.parametrize("module", [*SURVEY, *ANALYSIS], ids=lambda module: module.name)
def test_files_and_functions_stay_short(module: Module) -> None:
    assert len(module.path.read_text("utf-8").splitlines()) < LONGEST_FILE
    long = {node.name: _length(node) for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)}
    assert not {name: lines for name, lines in long.items() if lines >= LONGEST_FUNCTION}


def _length(function: ast.FunctionDef) -> int:
    """Lines of a function without its docstring: a statistic may be explained at length."""
    first = function.body[0]
    explained = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if explained else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


@pytest.mark.parametrize("module", [*SURVEY, *ANALYSIS], ids=lambda module: module.name)
def test_the_code_uses_our_words(module: Module) -> None:
    words = {word for name in _given_names(module) for word in re.split(r"_|(?<=[a-z])(?=[A-Z])", name)}

    ours = {GETTEXT[1]} if module.name.startswith(GETTEXT[0]) else set()
    assert not {word.lower() for word in words} & NOT_OUR_WORDS - ours


def _given_names(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_every_way_in_is_listed_at_the_door(app: Flask) -> None:
    ways = {rule.endpoint for rule in app.url_map.iter_rules()}
    rooms = {endpoint.partition(".")[0] for endpoint in ways if "." in endpoint}

    assert rooms == ROOMS
    assert not {way for way in ways if not way.startswith("child.")} - door.OPEN - set(door.MAY)
    assert set(door.MAY) <= ways, "the door lists what is not there"
    assert not {way for way in door.MAY if way.startswith("child.")}


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("from ..staff import load", "survey.staff"),
        ("from ..staff.load import child", "survey.staff.load"),
        ("from .. import cli", "survey.cli"),
        ("def f():\n    import survey.child", "survey.child"),
        ("from . import forms", "survey.admin.forms"),
    ],
)
def test_the_rules_see_every_way_to_import(code: str, seen: str) -> None:
    assert seen in set(imports(_written(code)))


@pytest.mark.parametrize(
    "code",
    [
        "from sqlalchemy import text", "import pickle", "eval(x)", "g.db.connection()", "pd.read_sql_query(q, c)",
        "database().sessions()", "Markup(said)", "render_template_string(said)", "c.exec_driver_sql(s)",
    ],
)  # fmt: skip
def test_the_rules_see_every_danger(code: str) -> None:
    assert list(_dangers(_written(code)))


@pytest.mark.parametrize(
    "code", ["def respondent(): ...", "def f(age_band): ...", "theDomain = 1", "class Cohort: ..."]
)
def test_the_rules_see_words_that_are_not_ours(code: str) -> None:
    with pytest.raises(AssertionError):
        test_the_code_uses_our_words(_written(code))


def _written(code: str) -> Module:
    return Module("survey.admin.made_up", HERE / "survey" / "admin" / "made_up.py", ast.parse(code))
