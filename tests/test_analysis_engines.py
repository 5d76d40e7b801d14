"""Three engines, one count; what is left out is counted; wrong input gets a sentence."""

import doctest
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import __main__ as command
from analysis import agree, chunks, counts, engines, many

ENGINES = ["pandas", "duckdb", "dask"]
OPTIONS = ["home", "aunt", "group", "never used"]
COLUMNS = ["stage", "sex", "who", "W", "D"]


def made(rows=4000, seed=1):
    """Pairs with missing values of every sort, codes that are not options, and an option nobody used."""
    rng = np.random.default_rng(seed)
    code = np.array(["home", "aunt", "group", "elsewhere", "", None], dtype=object)
    odds = [0.4, 0.3, 0.2, 0.04, 0.03, 0.03]
    who = np.array([f"c{i}" for i in range(30)] + [None], dtype=object)
    return pd.DataFrame({
        "stage": rng.choice(["S1", "S2", "S3"], rows), "sex": rng.choice([1, 2], rows),
        "who": rng.choice(who, rows), "W": rng.choice(code, rows, p=odds), "D": rng.choice(code, rows, p=odds),
        "note": "unused",
    })  # fmt: skip


def same(one, other):
    assert one._replace(table=0) == other._replace(table=0)
    assert one.table.dtype == other.table.dtype == np.int64
    assert (one.table == other.table).all()


@pytest.fixture
def folder(tmp_path):
    """The pairs in three files of several row groups, with an awkward name and the columns in another order."""
    frame = made()
    path = tmp_path / "pairs [1]*'\"?"
    path.mkdir()
    frame[:1000].to_parquet(path / "a'b.parquet", row_group_size=300)
    frame[1000:1001].to_parquet(path / "b.parquet")
    frame[1001:][frame.columns[::-1]].to_parquet(path / "c[0].parquet", row_group_size=2000)
    return path


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", ["stage", (), ("stage", "sex")])
def test_every_engine_counts_the_same_from_a_frame_and_from_files(folder, engine, by):
    expected = engines.count(made(), "W", "D", OPTIONS, "who", by)

    same(engines.count(folder, "W", "D", OPTIONS, "who", by, engine), expected)
    same(engines.count(made(), "W", "D", OPTIONS, "who", by, engine), expected)
    assert expected.left_out[chunks.MISSING] > 300
    assert expected.left_out[chunks.UNLISTED] > 200
    assert expected.table.sum() + sum(expected.left_out.values()) == 4000


def test_the_counts_are_those_of_the_table_of_pairs():
    frame = made()
    complete = frame[frame["who"].notna()]

    found = engines.count(frame, "W", "D", OPTIONS, "who", "stage")

    assert found.groups == [("S1",), ("S2",), ("S3",)]
    for table, (stage,) in zip(found.table, found.groups, strict=True):
        part = complete[complete["stage"] == stage]
        assert (table == counts.squares(part, "W", "D", OPTIONS, "who")).all()
    assert found.table[..., 3].sum() == 0
    either = frame[["who", "W", "D"]].replace("", None).isna().any(axis=1)
    assert found.left_out[chunks.MISSING] == either.sum()


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_engines_agree_on_numbers_categories_gaps_and_unknown_codes(data):
    seed, rows = data.draw(st.integers(0, 99)), data.draw(st.integers(1, 60))
    kind = data.draw(st.sampled_from(["uint8", "int8", "int64", "float", "category", "Int64", "bool"]))
    rng = np.random.default_rng(seed)
    options = [False, True] if kind == "bool" else [2, 0, 5]
    raw = pd.DataFrame(rng.integers(0 if kind == "uint8" else -1, 7, (rows, 2)), columns=["W", "D"])
    codes = raw % 2 == 1 if kind == "bool" else raw.astype(kind)
    if kind in ("float", "Int64", "category"):
        codes = codes.mask(rng.random((rows, 2)) < 0.2)
    frame = codes.assign(
        who=data.draw(st.sampled_from([rng.integers(-2, 3, rows) * 10**6, rng.integers(1, 4, rows).astype("uint8")])),
        stage="S1",
    )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "CHUNK", data.draw(st.sampled_from([1, 7, 100])))
        found = [engines.count(frame, "W", "D", options, "who", "stage", engine) for engine in ENGINES]

    same(found[0], found[1])
    same(found[0], found[2])
    whole = found[0].table.sum(axis=(0, 1))
    expected = [[((raw if kind != "bool" else codes)["W"].eq(a) & codes["W"].notna() & codes["D"].eq(b)).sum()
                 for b in options] for a in options]  # fmt: skip
    assert whole.tolist() == expected


def test_text_stored_as_categories_counts_the_same_whatever_their_order(tmp_path):
    frame = made()
    pair = frame.assign(
        W=frame["W"].astype("category"), D=pd.Categorical(frame["D"], ["group", "elsewhere", "aunt", "home", ""])
    )
    pair.to_parquet(tmp_path / "x.parquet")
    expected = engines.count(frame, "W", "D", OPTIONS, "who")

    for engine in ENGINES:
        same(engines.count(pair, "W", "D", OPTIONS, "who", engine=engine), expected)
        same(engines.count(tmp_path / "x.parquet", "W", "D", OPTIONS, "who", engine=engine), expected)


def test_groups_and_clusters_nobody_can_be_counted_in_stay_with_zeros():
    frame = pd.DataFrame({"W": ["a", ""], "D": ["a", "b"], "who": ["x", "y"], "stage": ["S1", "S2"]})

    for engine in ENGINES:
        found = engines.count(frame, "W", "D", ["a", "b"], "who", "stage", engine)
        assert (found.groups, found.clusters) == ([("S1",), ("S2",)], ["x", "y"])
        assert found.table.sum(axis=(2, 3)).tolist() == [[1, 0], [0, 0]]


def test_an_empty_table_has_no_counts():
    frame = pd.DataFrame({"W": ["a"], "D": ["a"], "who": ["x"]})[:0]

    for engine in ENGINES:
        found = engines.count(frame, "W", "D", ["a", "b"], "who", engine=engine)
        assert found.table.shape == (1, 0, 2, 2)
    assert many.coefficients(found.table)["reason"].iloc[0] == many.EMPTY


def test_dask_counts_on_a_cluster_of_processes(folder):
    distributed = pytest.importorskip("distributed")
    expected = engines.count(folder, "W", "D", OPTIONS, "who", "stage")

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        found = engines.count(folder, "W", "D", OPTIONS, "who", "stage", "dask", cluster.scheduler_address)
        with pytest.raises(ValueError, match="write the rows to Parquet"):
            engines.count(made(), "W", "D", OPTIONS, "who", engine="dask", scheduler=cluster.scheduler_address)

    same(found, expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_later_file_lacks_is_missing_and_no_name_is_a_pattern(tmp_path, engine):
    frame = made(300)
    frame.to_parquet(tmp_path / "a*.parquet")
    frame.drop(columns="stage").to_parquet(tmp_path / "ab.parquet")

    found = engines.count(tmp_path, "W", "D", OPTIONS, "who", "stage", engine)

    once = engines.count(frame, "W", "D", OPTIONS, "who", "stage")
    assert (found.table == once.table).all()
    assert found.left_out[chunks.MISSING] == once.left_out[chunks.MISSING] + 300


@pytest.mark.parametrize("engine", ENGINES)
def test_not_a_number_in_a_file_is_a_missing_value(tmp_path, engine):
    codes = pa.array(np.array([1.0, np.nan, 7.0, 2.0]), from_pandas=False)
    pq.write_table(pa.table({"W": codes, "D": pa.array([1, 1, 1, None]), "who": ["x"] * 4}), tmp_path / "x.parquet")

    found = engines.count(tmp_path / "x.parquet", "W", "D", [1, 2], "who", engine=engine)

    assert found.table.tolist() == [[[[1, 0], [0, 0]]]]
    assert found.left_out == {chunks.MISSING: 2, chunks.UNLISTED: 1}


def test_adding_parts_leaves_the_parts_as_they_were():
    one = chunks.Partial([["x", "y"]], np.ones((2, 4, 4), dtype=np.int64))
    other = chunks.Partial([["y"]], np.ones((1, 4, 4), dtype=np.int64))

    found = chunks.added(one, other)

    assert found.table.sum(axis=(1, 2)).tolist() == [16, 32]
    assert one.table.sum() == 32  # a task that runs twice must not add twice


def test_a_name_cannot_become_sql(tmp_path):
    awkward = 'W"); DROP TABLE rows; --'
    frame = pd.DataFrame({awkward: ["a'b", "c"], "D": ["c", "c"], "who": ["x", "y"]})
    frame.to_parquet(tmp_path / "x.parquet")

    for source in (frame, tmp_path / "x.parquet"):
        found = engines.count(source, awkward, "D", ["a'b", "c"], "who", engine="duckdb")
        assert found.table.sum(axis=(0, 1)).tolist() == [[0, 1], [0, 1]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"engine": "spark"}, "engine must be one of"),
        ({"scheduler": "tcp://127.0.0.1:1"}, "needs the engine dask"),
        ({"first": "Wish"}, "no column 'Wish'; there are: stage"),
        ({"options": ["home"]}, "at least two different"),
        ({"options": ["home", "home"]}, "at least two different"),
        ({"options": [1, 2]}, "column 'W' holds text"),
        ({"first": "sex", "second": "sex"}, "named once"),
        ({"first": "sex"}, "column 'sex' holds numbers"),
        ({"source": "nowhere"}, "not a Parquet file"),
        ({"source": __file__}, "not a Parquet file"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_advice(change, words):
    call = {"source": made(50), "first": "W", "second": "D", "options": OPTIONS, "cluster": "who"} | change

    with pytest.raises(ValueError, match=words):
        engines.count(**call)


def test_a_column_of_several_types_and_a_folder_without_files_are_refused(tmp_path):
    mixed = pd.DataFrame({"W": ["a", 1], "D": ["a", "a"], "who": ["x", "y"]})

    with pytest.raises(ValueError, match="one type first"):
        engines.count(mixed, "W", "D", ["a", "b"], "who")
    with pytest.raises(ValueError, match="no Parquet files"):
        engines.count(tmp_path, "W", "D", ["a", "b"], "who")


@pytest.mark.parametrize("engine", ["duckdb", "dask"])
def test_an_engine_that_is_not_installed_says_how_to_get_it(monkeypatch, engine):
    monkeypatch.setitem(sys.modules, engine, None)

    with pytest.raises(engines.EngineMissing, match=r"pip install 'heard\[scale\]'"):
        engines.count(made(50), "W", "D", OPTIONS, "who", engine=engine)


def run(capsys, *arguments):
    code = command.run([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


AGREE = ["--first", "W", "--second", "D", "--options", ",".join(OPTIONS), "--cluster", "who"]


def test_the_command_line_writes_the_table(folder, tmp_path, capsys):
    output = tmp_path / "out.csv"

    code, said, told = run(capsys, "agree", folder, *AGREE, "--by", "stage", "--engine", "duckdb", "-o", output)

    found = engines.count(folder, "W", "D", OPTIONS, "who", "stage")
    expected = many.coefficients(found.table, ["S1", "S2", "S3"])
    written = pd.read_csv(output, keep_default_na=True)
    assert (code, said) == (0, "")
    assert f"{found.left_out[chunks.MISSING]} rows left out: a missing value" in told
    assert "not safe to publish" in told
    pd.testing.assert_frame_equal(written.drop(columns="reason"), expected.drop(columns="reason"), check_dtype=False)
    assert run(capsys, "agree", folder, *AGREE, "-o", output)[0] == command.CANNOT_WRITE


def test_the_command_line_prints_and_reads_csv_and_numbers(tmp_path, capsys):
    pd.DataFrame({"W": [1, 2, 1, 2], "D": [1, 2, 2, 2], "who": ["x", "x", "y", "y"]}).to_csv(
        tmp_path / "x.csv", index=False
    )
    table = pa.table({"W": [1, 2, 1, 2], "D": [1, 2, 2, 2], "who": ["x", "x", "y", "y"]})
    pq.write_table(table, tmp_path / "x.parquet")
    asked = ["--first", "W", "--second", "D", "--options", "1,2", "--cluster", "who", "--weights", "linear"]

    printed = [run(capsys, "agree", tmp_path / name, *asked) for name in ("x.csv", "x.parquet")]

    assert printed[0] == printed[1]
    assert printed[0][0] == 0
    assert "Cohen kappa, linear" in printed[0][1]
    assert printed[0][1].splitlines()[0].startswith("group,coefficient,estimate,low,high,se,n,clusters")


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (["--first", "Wish"], command.DATA, "no column 'Wish'"),
        (["--options", "home,home"], command.DATA, "at least two different"),
        (["--engine", "dask", "--scheduler", "tcp://127.0.0.1:9"], agree.UNAVAILABLE, "no Dask scheduler answers"),
        (["--resamples", "1"], command.DATA, "at least 2"),
        (["-o", "/nowhere/at/all.csv"], command.CANNOT_WRITE, "cannot be written"),
    ],
)
def test_the_command_line_says_what_is_wrong_in_a_sentence(folder, capsys, monkeypatch, change, code, words):
    monkeypatch.setattr(engines, "PATIENCE", 1)

    given_code, said, told = run(capsys, "agree", folder, *AGREE, *change)

    assert (given_code, said) == (code, "")
    assert words in told
    assert "Traceback" not in told


@pytest.mark.parametrize("module", [engines, chunks])
def test_the_examples_in_the_documentation_hold(module):
    assert doctest.testmod(module).failed == 0
