"""Read an export with pandas, and count how often decisions followed wishes: ``python read_export.py FOLDER``."""

import sys
from pathlib import Path

import pandas as pd

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "export-2026-11")


def table(name: str) -> pd.DataFrame:
    """A table as text: NA is a code here ("did not happen"), not a missing value."""
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


answers, visits, decisions = table("answers"), table("visits"), table("decisions")

# The latest answered wish per round and topic, as it was before the decision.
wishes = answers[(answers["construct"] == "WISH") & (answers["wave"] == "before") & (answers["code"] != "")]
wishes = wishes.merge(visits.astype({"n": int})[["visit", "month", "n", "retrospective"]], on="visit")
wishes = wishes.sort_values(["retrospective", "month", "n"], ascending=[False, True, True])
wishes = wishes.drop_duplicates(["round", "topic"], keep="last")

both = wishes.merge(decisions, on=["round", "topic"])
print(f"{(both['code'] == both['decision']).sum()} of {len(both)} decisions followed the wish.")
print("These counts have not passed disclosure control: do not publish them.")

# The same with the library, one row per round and topic: see docs/statistics.md.
# from analysis import pairs, tables
# wishes = pairs.preference(tables.read(folder))
