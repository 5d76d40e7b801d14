"""An invented export to the contract of docs/tables.md, for the tests of the statistics: no child behind any row."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.contract import TABLES

Rows = dict[str, list[dict[str, Any]]]

TOPICS = {
    "D1.1": ("S1", "nominal", "care setting on arrival", "PARENTS KIN FOSTER VILLAGE OTHER"),
    "D1.2": ("S1", "ordinal", "siblings", "0 1 2"),
    "D1.3": ("S1", "ordinal", "pace of the move", "0 1 2"),
    "D1.4": ("S1", "nominal", "school after the move", "SAME NEAR ALT"),
    "D2.1": ("S2", "nominal", "first need to work on", "LEARN HEALTH FEEL FAMILY SOCIAL"),
    "D2.2": ("S2", "ordinal", "family contact (change)", "0 1 2"),
    "D2.3": ("S2", "ordinal", "family tracing", "0 1 2"),
    "D3.1": ("S3", "nominal", "main goal of the plan", "LEARN FAMILY HEALTH SOCIAL INDEP"),
    "D3.2": ("S3", "nominal", "long-term living arrangement", "PARENTS KIN STAY NEWFAM OWN"),
    "D3.3": ("S3", "ordinal", "contact frequency in the plan", "0 1 2 3"),
    "D3.4": ("S3", "nominal", "supporter at meetings", "CARER WORKER PEER PRO NONE"),
    "D4.1": ("S4", "ordinal", "learning support", "0 1 2"),
    "D4.2": ("S4", "ordinal", "counselling time", "0 1 2"),
    "D4.3": ("S4", "ordinal", "family visits", "0 1 2"),
    "D4.4": ("S4", "ordinal", "life-skills practice", "0 1 2"),
    "D5.1": ("S5", "ordinal", "what happens to the plan", "0 1 2"),
    "D5.2": ("S5", "nominal", "placement after review", "STAY FAMILY MOVE"),
    "D5.3": ("S5", "ordinal", "time to next review", "0 1 2"),
    "D5.4": ("S5", "nominal", "main helper", "SAME SHARE NEW"),
    "D6.1": ("S6", "ordinal", "ending support", "0 1 2"),
    "D6.2": ("S6", "nominal", "home after support", "PARENTS KIN FAMILY OWN OTHER"),
    "D6.3": ("S6", "ordinal", "after-care contact", "0 1 2 3"),
    "D6.4": ("S6", "nominal", "first after-care help", "HOME MONEY WORK PAPERS TALK"),
}
REASONS = {
    "SAFETY": ("protection risk", "best_interest"),
    "LAW": ("court, authority or legal age", "best_interest"),
    "HEALTH": ("health or disability need", "best_interest"),
    "OTHERCHILD": ("another child's needs", "best_interest"),
    "NOPLACE": ("no suitable place or service", "system"),
    "MONEY": ("cost", "system"),
    "DOCS": ("missing documents", "system"),
    "CULTURE": ("community or belief", "system"),
    "CASELOAD": ("no staff time", "system"),
    "TIME": ("decided before the child was asked", "system"),
    "FAMILY": ("family refused or absent", "other"),
    "CHANGED": ("child changed their mind", "other"),
    "OTHER": ("something else", "other"),
}
ELEMENTS = ("INFO", "SPACE", "VOICE", "AUDIENCE", "INFLUENCE", "FEEDBACK")


def rows(children: int = 40, coordinators: int = 8, stages: int = 6, seed: int = 1) -> Rows:
    """All tables as lists of rows: ``children`` children, each with one round per stage."""
    rng = random.Random(seed)
    made: Rows = {name: [] for name in TABLES}
    made["sites"] = [{"site": "NORTH", "country": "RU"}, {"site": "SOUTH", "country": "KE"}]
    _codebook(made)
    for i in range(children):
        held_by = i % coordinators
        site = "NORTH" if held_by < coordinators / 2 else "SOUTH"
        child = {"child": f"c-{i}", "site": site, "sex": rng.choice(["F", "M", ""]), "language": "en"}
        made["children"].append(child)
        for stage in [f"S{s}" for s in range(1, stages + 1)]:
            _round(made, rng, child, f"p-{held_by}", stage)
    made["refusals"] = [{"wave": "before", "n": 5}]
    return made


def _codebook(made: Rows) -> None:
    for topic, (stage, scale, name, options) in TOPICS.items():
        made["topics"] += [
            {
                "topic": topic,
                "name": name,
                "stage": stage,
                "scale": scale,
                "option": option,
                "position": i + 1,
                "child_label": option.title(),
                "staff_label": option.lower(),
            }
            for i, option in enumerate(options.split())
        ]
        made["questions"].append(_question(f"{topic}.W", stage, "child", "WISH", topic, "", topic))
    for stage in [f"S{s}" for s in range(1, 7)]:
        for element in ELEMENTS:
            child, staff = f"{stage}.C.{element}", f"{stage}.P.{element}"
            made["questions"].append(_question(child, stage, "child", element, "", staff, "X3"))
            made["questions"].append(_question(staff, stage, "staff", element, "", child, "X3"))
    made["reasons"] = [{"reason": r, "label": label, "kind": kind} for r, (label, kind) in REASONS.items()]


def _question(question: str, stage: str, who: str, construct: str, topic: str, pair: str, scale: str) -> dict[str, Any]:
    texts = dict.fromkeys(("text_10_12", "text_13_15", "text_16_17", "text_staff"), "")
    return {
        "question": question,
        "stage": stage,
        "asked_of": who,
        "construct": construct,
        "topic": topic,
        "pair": pair,
        "scale": scale,
        "wave": "before" if topic else "after",
        "seen_by": "team" if topic else "aggregate",
        **texts,
    }


def _round(made: Rows, rng: random.Random, child: dict[str, Any], coordinator: str, stage: str) -> None:
    number = f"r-{len(made['rounds'])}"
    age = ("10-12", "13-15", "16-17")[int(child["child"][2:]) % 3]
    facts = {"round": number, "child": child["child"], "site": child["site"], "stage": stage, "age_group": age}
    came = rng.random() < 0.9
    made["rounds"].append(
        {
            **facts,
            "coordinator": coordinator,
            "n": 1,
            "opened": f"2026-0{stage[1]}",
            "invited_before": 1,
            "invited_after": 1,
            "closed": 1,
        }
    )
    visits = {wave: _visit(made, rng, facts, wave) for wave in ("before", "after")} if came else {}
    for topic, (of, _, _, options) in TOPICS.items():
        if of == stage:
            _topic(made, rng, facts, coordinator, topic, options.split(), visits.get("before"))
    for element in ELEMENTS:
        _perceived(made, rng, facts, coordinator, element, visits.get("after"))


def _visit(made: Rows, rng: random.Random, facts: dict[str, Any], wave: str) -> dict[str, Any]:
    number = f"v-{len(made['visits'])}"
    made["visits"].append(
        {
            **facts,
            "visit": number,
            "wave": wave,
            "language": "en",
            "n": 1,
            "month": f"2026-0{facts['stage'][1]}",
            "ended": "finished",
            "helper": rng.choice(["alone", "alone", "carer"]),
            "held_by": "child",
            "watched": rng.choice(["no", "no", "yes"]),
            "retrospective": int(rng.random() < 0.05),
            "questionnaire": "care.planning.child",
            "version": "1",
            "digest": "0",
        }
    )
    return {**facts, "visit": number, "wave": wave, "language": "en", "pair": "", "topic": "", "shared": 0}


def _topic(
    made: Rows, rng: random.Random, facts: dict[str, Any], who: str, topic: str, options: list[str], visit: Any
) -> None:
    weights = [3 if i == 0 else 2 for i in range(len(options))]
    wish = rng.choices(options, weights)[0]
    missing = rng.choices(["", "DK", "IDM", "SK"], [85, 5, 6, 4])[0]
    if visit:
        answer = {"question": f"{topic}.W", "construct": "WISH", "topic": topic, "shared": int(rng.random() < 0.85)}
        made["answers"].append({**visit, **answer, "code": "" if missing else wish, "missing": missing})
    own = wish if rng.random() < 0.45 else rng.choice(options)
    belief = wish if rng.random() < 0.55 else rng.choice([*options, "DK"])
    decision = wish if rng.random() < 0.35 + 0.02 * int(who[2:]) else own
    key = {"round": facts["round"], "child": facts["child"], "topic": topic, "staff": who}
    made["views"].append({**key, "belief": belief, "first_view": own, "released": int(bool(visit))})
    differs = decision != wish
    reason = rng.choices([*REASONS, ""], [9, 4, 2, 2, 8, 6, 3, 1, 4, 2, 4, 1, 1, 8])[0] if differs else ""
    told = rng.random() < 0.7
    made["decisions"].append(
        {
            **key,
            "decision": decision,
            "month": f"2026-0{facts['stage'][1]}",
            "reasons": reason,
            "child_present": "yes",
            "took_part": "CHILD PSY",
            "amended": 0,
            "days_from_wish": rng.randint(1, 30) if visit else "",
            "told": int(told),
            "days_to_told": rng.randint(0, 25) if told else "",
        }
    )


def _perceived(made: Rows, rng: random.Random, facts: dict[str, Any], who: str, element: str, visit: Any) -> None:
    child, staff = f"{facts['stage']}.C.{element}", f"{facts['stage']}.P.{element}"
    felt = rng.choices("012", [3, 4, 4] if element != "FEEDBACK" else [5, 3, 2])[0]
    if visit:
        answer = {"question": child, "construct": element, "pair": staff, "code": felt, "missing": ""}
        made["answers"].append({**visit, **answer})
    said = str(min(2, int(felt) + rng.choices([0, 1, 2], [5, 4, 2])[0]))
    key = {name: facts[name] for name in ("round", "child", "stage")}
    made["staff_answers"].append(
        {**key, "staff": who, "question": staff, "construct": element, "pair": child, "code": said, "missing": ""}
    )


def frames(made: Rows) -> dict[str, pd.DataFrame]:
    """The same as text tables with the contract's columns in order."""
    found = {}
    for name, table in TABLES.items():
        columns = [column.name for column in table.columns]
        text = [[str(row.get(column, "")) for column in columns] for row in made[name]]
        found[name] = pd.DataFrame(text, columns=columns, dtype=str)
    return found


def write(
    folder: Path, made: Rows | None = None, change: Callable[[Rows], Any] | None = None, synthetic: bool = True
) -> Path:
    """Write the export as CSV, after ``change`` has spoiled or altered its rows."""
    made = made or rows()
    if change:
        change(made)
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames(made).items():
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    about = {
        "format": 1,
        "heard": "0.1.0",
        "made_in": "2026-11",
        "organisation": "Example <Villages>",
        "synthetic": synthetic,
        "languages": ["en"],
        "questionnaires": [{"id": "care.planning.child", "version": 1, "digest": "ab12" * 16}],
        "rows": {name: len(made[name]) for name in made},
        "sha256": {f"{name}.csv": hashlib.sha256((folder / f"{name}.csv").read_bytes()).hexdigest() for name in made},
    }
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
    return folder
