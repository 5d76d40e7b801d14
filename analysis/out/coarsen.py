"""Datasets with coarser quasi-identifiers, wherever they stand: a month is a month in every table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .dataset import Dataset, Variable
from .gather import Gathered
from .privacy import coarse

# Where children, or staff who would give them away, have a row. Topics and questions keep their own columns.
PEOPLE = (
    "sites", "children", "rounds", "visits", "answers", "views", "decisions", "staff_answers", "interviews",
    "wishes", "pairs", "wide",
)  # fmt: skip
COLUMNS = {"month": ("month", "opened")}


def steps(given: Iterable[str]) -> dict[str, str]:
    """Read ``month=year`` and its like.

    Raises
    ------
    ValueError
        When a step is not NAME=STEP or there is no such step.

    Examples
    --------
    >>> steps(["month=year", "site=dropped"])
    {'month': 'year', 'site': 'dropped'}
    """
    found = {}
    for one in given:
        name, equals, step = one.partition("=")
        if not equals:
            raise ValueError(f"--coarsen takes NAME=STEP such as month=year, not '{one}'.")
        coarse(name, step)
        found[name] = step
    return found


def coarsen(gathered: Gathered, taken: Mapping[str, str]) -> Gathered:
    """The same datasets, coarser. They can no longer be read as an export: the contract wants months and sites."""
    about = {**gathered.about, "coarsened": dict(taken)}
    datasets = tuple(_one(one, taken) if one.name in PEOPLE else one for one in gathered.datasets)
    return replace(gathered, datasets=datasets, tables=replace(gathered.tables, about=about))


def _one(dataset: Dataset, taken: Mapping[str, str]) -> Dataset:
    frame, variables = dataset.frame.copy(), {one.name: one for one in dataset.variables}
    for name, step in taken.items():
        for column in COLUMNS.get(name, (name,)):
            if column in variables:
                frame[column] = coarse(name, step)(frame[column])
                variables[column] = Variable(column, f"{variables[column].label} (made coarser: {step})")
    unique = dataset.unique if not set(dataset.unique) & set(taken) else ()
    return Dataset(dataset.name, dataset.label, frame, tuple(variables.values()), unique)
