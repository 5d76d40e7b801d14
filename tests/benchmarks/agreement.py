"""How long agreement takes, beside other programs and beside only reading the data, at 10³ to 10⁷ pairs.

    python -m tests.benchmarks.agreement [--rows 7]

Five ordinal options, 200 clusters, seeded; seconds, medians of three in one process. ``--rows`` is the greatest power
of ten. One coefficient per call for the others, seven with a jackknife interval for ours. Compare ratios, not seconds.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import krippendorff
import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from scipy import stats
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, to_table

from analysis import counts, engines, many

K, CLUSTERS, SLOW = 5, 200, 10**6
OPTIONS = list(range(K))
GROUPS = {"stage": 6, "topic": 10, "age": 3}
GROUPED = "grouped"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=7, help="greatest power of ten")
    given = parser.parse_args()
    print(f"load when started {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores: compare ratios, not seconds")
    with tempfile.TemporaryDirectory() as folder:
        for power in [p for p in (3, 5, 6, 7) if p <= given.rows]:
            pairs(10**power, Path(folder))
        grouped(10**given.rows, Path(folder))


def pairs(rows: int, folder: Path) -> None:
    """One table: ours, the others, the floor."""
    first, second, cluster = made(rows)
    path = written(folder / f"{rows}.parquet", {"W": first, "D": second, "who": cluster})
    table = count(first, second, cluster)
    ours = {
        "floor: read two byte columns once": clock(lambda: (first.max(), second.max())),
        "counting pass": clock(lambda: count(first, second, cluster)),
        "7 coefficients + jackknife": clock(lambda: whole(count(first, second, cluster), 0)),
        "… + 2,000 cluster resamples": clock(lambda: whole(count(first, second, cluster), 2000)),
        "2,000 cluster resamples, from counts": clock(lambda: whole(table, 2000)),
        "only read the Parquet file": clock(lambda: read(path)),
        "Parquet to 7 coefficients + jackknife": clock(lambda: from_file(path, (), 0)),
    }
    print(f"\n{rows:,} pairs")
    show(ours)
    base = ours["7 coefficients + jackknife"]
    others = peers(first, second)
    show(others, base, "× ours, 7 coefficients with intervals")
    fastest = min(others.values())
    print(f"  fastest other / ours: {fastest / base:.1f}")
    bootstraps(first, second, base, ours["… + 2,000 cluster resamples"])


def made(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes of one byte: the second follows the first in about half of all rows."""
    rng = np.random.default_rng(20261124)
    first, other = rng.integers(0, K, (2, rows), dtype=np.int8)
    second = np.where(rng.random(rows, dtype=np.float32) < 0.5, first, other)
    return first, second, rng.integers(0, CLUSTERS, rows, dtype=np.uint8)


def count(first: np.ndarray, second: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """The counting pass alone."""
    return counts.cells([cluster, first, second], [CLUSTERS, K, K])


def whole(table: np.ndarray, resamples: int) -> None:
    """Everything after the count."""
    many.coefficients(table[None], weights="quadratic", resamples=resamples)


def from_file(path: Path, by: tuple[str, ...], resamples: int, engine: str = "pandas") -> None:
    """From Parquet to the finished table."""
    found = engines.count(path, "W", "D", OPTIONS, "who", by, engine)
    many.coefficients(found.table, found.groups, "quadratic", resamples=resamples)


def read(path: Path) -> None:
    """Only read the file, as streamed batches."""
    for _ in ds.dataset(path).to_batches():
        pass


def written(path: Path, columns: dict[str, np.ndarray]) -> Path:
    """Rows as Parquet, as pandas and pyarrow write them by default."""
    pq.write_table(pa.table(columns), path)
    return path


def peers(first: np.ndarray, second: np.ndarray) -> dict[str, float]:
    """One coefficient each, from the same codes."""
    found = {
        "scikit-learn cohen_kappa_score, quadratic": clock(
            lambda: cohen_kappa_score(first, second, weights="quadratic")
        ),
        "statsmodels cohens_kappa from raw codes": clock(lambda: cohens_kappa(crossed(first, second), wt="quadratic")),
    }
    if len(first) > SLOW:
        print("  krippendorff: left out above 10⁶ (slow, and GiB of memory)")
        return found
    ratings = np.stack([first, second])
    return found | {
        "krippendorff.alpha, ordinal": clock(
            lambda: krippendorff.alpha(ratings, value_domain=OPTIONS, level_of_measurement="ordinal")
        )
    }


def crossed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The square table statsmodels wants, by its own helper."""
    return to_table(np.column_stack([first, second]), bins=np.arange(K + 1) - 0.5)[0]


def bootstraps(first: np.ndarray, second: np.ndarray, jackknife: float, resampled: float) -> None:
    """A bootstrap over rows with scipy and scikit-learn: 20 resamples measured, 2,000 extrapolated."""
    if len(first) > 10**5:
        return
    few = 20

    def once() -> None:
        stats.bootstrap(
            (first, second), lambda a, b: cohen_kappa_score(a, b, weights="quadratic"), paired=True, vectorized=False,
            n_resamples=few, method="percentile", rng=1,
        )  # fmt: skip

    theirs = clock(once) * 2000 / few
    print(f"  scipy.stats.bootstrap over scikit-learn, 1 coefficient, 2,000 resamples (from {few}): {theirs:.1f} s")
    print(
        f"  … / 7 coefficients with jackknife {theirs / jackknife:,.0f}, / with our bootstrap {theirs / resampled:,.0f}"
    )


def grouped(rows: int, folder: Path) -> None:
    """180 groups × 200 clusters, from Parquet to all coefficients; peak memory in a process of its own."""
    first, second, cluster = made(rows)
    rng = np.random.default_rng(7)
    by = {name: rng.integers(0, size, rows, dtype=np.uint8) for name, size in GROUPS.items()}
    path = written(folder / f"{GROUPED}.parquet", {"W": first, "D": second, "who": cluster, **by})
    reading = clock(lambda: read(path))
    found = {"only read the Parquet file": reading}
    for engine in ("pandas", "duckdb", "dask"):
        found[f"count, {engine}"] = clock(
            lambda engine=engine: engines.count(path, "W", "D", OPTIONS, "who", GROUPS, engine)
        )
    found["all coefficients + jackknife"] = clock(lambda: from_file(path, tuple(GROUPS), 0))
    found["… + 2,000 cluster resamples"] = clock(lambda: from_file(path, tuple(GROUPS), 2000))
    print(f"\n{rows:,} pairs, {' × '.join(map(str, GROUPS.values()))} groups × {CLUSTERS} clusters, from Parquet")
    show(found, reading, "× only reading")
    for task in ("nothing", "read", "analyse"):
        print(f"  peak memory, {task}: {peak(task, path):.2f} GiB")


def peak(task: str, path: Path) -> float:
    """Peak resident memory of a fresh process, GiB."""
    words = [
        sys.executable,
        "-c",
        f"from tests.benchmarks.agreement import measured; measured({task!r}, {str(path)!r})",
    ]
    return float(subprocess.run(words, capture_output=True, text=True, check=True).stdout) / 2**20


def measured(task: str, path: str) -> None:
    """Run one task and print the peak of this process in KiB (Linux; ``ru_maxrss`` would keep the parent's)."""
    if task == "read":
        read(Path(path))
    if task == "analyse":
        from_file(Path(path), tuple(GROUPS), 2000)
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


def clock(task: Callable[[], object]) -> float:
    """Median seconds of three."""
    found = []
    for _ in range(3):
        start = time.perf_counter()
        task()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def show(found: dict[str, float], base: float | None = None, words: str = "") -> None:
    """One line each, with the ratio to a base."""
    for name, seconds in found.items():
        ratio = f"  {seconds / base:8.1f} {words}" if base else ""
        print(f"  {name:45}{seconds:10.5f} s{ratio}")


if __name__ == "__main__":
    main()
