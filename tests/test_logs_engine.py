"""Long tables: the same counts on every engine as row by row, and what an engine may not do."""
import csv
import gzip
import json
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaling_utils import read_log
from scaling_utils.data.logs import engine, records
from scaling_utils.data.logs.record import Options
from scaling_utils.data.logs.source import Source

GRADES = st.sampled_from(["1", "0", "True", "false", "", "NaN", "passed", " FAIL "])
NAMES = st.text('ab,";\' 0é-\t', min_size=1, max_size=4).filter(str.strip)
ROWS = st.lists(st.tuples(NAMES, st.sampled_from(["m", "n"]), GRADES), min_size=1, max_size=12)


def frames(logs):
    """What the logs count, for comparison."""
    return {log.name: (log.samples.to_frame().values.tolist(),
                       sum(e.n for e in log.excluded if e.reason == "samples without a grade"))
            for log in logs}


def outcome(path, **options):
    """The counts of a file, or the message of its error."""
    try:
        return frames(read_log(path, **options))
    except ValueError as error:
        return str(error)


def write_csv(path, rows, header=("problem", "model", "correct")):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(rows=ROWS)
def test_engines_count_as_python_does(tmp_path_factory, rows):
    pytest.importorskip("duckdb")
    path = write_csv(tmp_path_factory.mktemp("run") / "run.csv", rows)
    expected = outcome(path, engine="python")
    assert outcome(path, engine="duckdb") == expected
    assert outcome(path, engine="pandas") == expected


@pytest.mark.parametrize("name, content", [
    ("run.csv", "problem,sample,correct\na,0,1\na,0,1\nb,0,\n"),
    ("run.csv", "problem,sample,correct\na,0,1\na,0,0\n"),
    ("run.csv", "problem,correct\na,1\nb,2\n"), ("run.csv", "problem,correct\na,1\n,1\n"),
    ("run.csv", "problem,correct\na,1\nb,1,1\n"), ("run.csv", 'problem,correct\na,1\n"b,1\n'),
    ("run.csv", "problem,n,c\na,5,1\n"), ("run.csv", "\ufeffproblem;correct\na;1\n"),
    ("a[1]*.csv", "problem,correct\na,1\n"), ("run.csv", b"problem,correct\na,1\n\xe9,1\n"),
    ("run", gzip.compress(b"problem,correct\na,1\na,0\n", mtime=0)),
    ("run.jsonl", '{"problem": "2024-01-01T00:00", "correct": true}\n{"problem": 7, "correct": 0}'),
    ("run.jsonl", '{"problem": "a", "correct": true}\n{"problem": "b"}\n'),
    ("run.jsonl", '{"problem": "a", "correct": true}\n{"problem": "b", "cor'),
])
@pytest.mark.parametrize("engine", ["duckdb", "pandas"])
def test_engines_agree_with_python_on_what_is_odd(tmp_path, name, content, engine):
    pytest.importorskip("duckdb")
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = outcome(path, engine=engine)
    assert found == outcome(path, engine="python")
    assert isinstance(found, dict) or found.startswith(str(path))


def parquet(path, frame):
    """Write a Parquet file by DuckDB."""
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as con:
        con.register("frame", frame)
        con.execute(f"COPY frame TO '{path}' (FORMAT parquet)")
    return path


def test_parquet(tmp_path):
    frame = pd.DataFrame({"problem": [2, 10, 2], "correct": [True, False, False],
                          "answer": ["4", None, "5"]})
    path = parquet(tmp_path / "run.data", frame)
    [log] = read_log(path)
    assert log.samples.problem.tolist() == ["2", "10"] and log.samples.n_correct.tolist() == [1, 0]
    assert log.answers["answer"].tolist()[:2] == ["4", "5"] and log.answers["answer"].isna()[2]
    [long] = read_log(path, engine="duckdb")
    assert long.samples == log.samples and long.answers is None
    assert "were not kept (answer;" in long.excluded[0].reason
    monkeys = pd.DataFrame({"orig_dset_idx": [3, 4], "is_corrects": [[True, False], [False]]})
    [log] = read_log(parquet(tmp_path / "monkeys.parquet", monkeys))
    assert log.files[0].format == "monkeys" and log.samples.n_samples.tolist() == [2, 1]
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(path.read_bytes()[:60])
    with pytest.raises(ValueError, match="broken.parquet: "):
        read_log(broken)


ROWS_OF_MANY = [(f"p{i % 7}", "m", str(int(i % 3 == 0))) for i in range(100)]


@pytest.mark.filterwarnings("ignore")  # of the engines' own
@pytest.mark.parametrize("name", ["ibis", "polars"])
def test_one_setting_runs_it_on_another_engine(tmp_path, name):
    pytest.importorskip(name)
    path = write_csv(tmp_path / "run.csv", ROWS_OF_MANY)
    assert outcome(path, engine=name) == outcome(path, engine="python")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_one_setting_runs_it_on_spark_in_its_local_mode(tmp_path):
    sql = pytest.importorskip("pyspark.sql")
    if not shutil.which("java"):
        pytest.skip("Spark needs Java")
    path = write_csv(tmp_path / "run.csv", ROWS_OF_MANY)
    builder = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    with builder.config("spark.sql.shuffle.partitions", "1").getOrCreate() as session:
        expected = outcome(path, engine="python")
        assert outcome(path, engine="pyspark") == expected
        assert outcome(session.read.option("header", True).csv(str(path))) == expected


def test_a_table_is_counted_where_it_lies(tmp_path):
    frame = pd.DataFrame({"doc": ["a", "a", "b"], "correct": [1, None, 0], "model": "m"})
    [log] = read_log(frame, columns={"problem": "doc"})
    assert log.samples.n_samples.tolist() == [1, 1] and log.model == "m" and log.files == ()
    assert [(e.reason, e.n) for e in log.excluded] == [("samples without a grade", 1)]
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as con:
        [same] = read_log(con.from_df(frame), columns={"problem": "doc"})
    assert same.samples == log.samples
    with pytest.raises(ValueError, match="problem a: 1 rows hold no grade"):
        read_log(frame.assign(correct=[3, 1, 0]), columns={"problem": "doc"})
    with pytest.raises(ValueError, match="ndarray is neither a path nor a table of samples"):
        read_log(np.eye(3))
    with pytest.raises(ValueError, match="decimal numbers, which are no names"):
        read_log(frame.assign(doc=[.5, 1, 2]), columns={"problem": "doc"})


def test_duckdb_reads_one_file_and_no_network(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path, other = (write_csv(tmp_path / name, [("a", "m", "1")]) for name in ("a.csv", "b.csv"))
    with engine.connection(path) as con:
        assert con.sql(f"SELECT count(*) FROM read_csv('{path}')").fetchall() == [(1,)]
        for text in (f"SELECT * FROM read_csv('{other}')", f"COPY (SELECT 1) TO '{other}'",
                     "SELECT * FROM read_csv('https://example.org/a.csv')", "INSTALL httpfs",
                     "SET enable_external_access = true", "SET memory_limit = '9GB'"):
            with pytest.raises(duckdb.Error):
                con.execute(text).fetchall()


def test_duckdb_works_out_of_core(tmp_path, monkeypatch):
    pytest.importorskip("duckdb")
    n = 200_000
    path = tmp_path / "run.csv"
    pd.DataFrame({"problem": np.arange(n) % 1000, "sample": np.arange(n) // 1000,
                  "correct": np.arange(n) % 2}).to_csv(path, index=False)
    monkeypatch.setattr(engine, "MEMORY", "30MB")
    source = Source(str(path))
    found = engine.counted(source, Options(), records.first(source)).astype({"problem": int})
    found = found.sort_values("problem")
    assert found["n"].tolist() == [200] * 1000 and not found["repeated"].any()
    assert found["c"].tolist() == [200 * (i % 2) for i in range(1000)]


def test_numbers_of_samples_across_long_files(tmp_path, monkeypatch):
    pytest.importorskip("duckdb")
    header = ("problem", "sample", "correct")
    for name, y in (("a.csv", 1), ("b.csv", 0)):
        write_csv(tmp_path / name, [("p", j, y) for j in range(4)], header)
    monkeypatch.setattr(engine, "LONG", 3)
    with pytest.raises(ValueError, match="b.csv: problem p has samples in another file as well"):
        read_log(tmp_path)
    write_csv(tmp_path / "b.csv", [("p", 0, 0)], header)  # short: read row by row
    with pytest.raises(ValueError, match="b.csv: problem p has samples in another file as well"):
        read_log(tmp_path)
    assert read_log(tmp_path, separate=True)[0].samples.n_samples.tolist() == [5]


def test_without_duckdb_pandas_counts_piece_by_piece(tmp_path, monkeypatch):
    path = write_csv(tmp_path / "run.csv", ROWS_OF_MANY)
    expected = outcome(path, engine="python")
    for name, value in (("PIECE", 9), ("LONG", 10), ("_duckdb", lambda: None)):
        monkeypatch.setattr(engine, name, value)
    monkeypatch.setattr("scaling_utils.data.logs.table.rows", None)  # not row by row
    assert outcome(path) == expected
    (tmp_path / "run.parquet").write_bytes(b"PAR1....PAR1")
    with pytest.raises(ValueError, match=r"needs DuckDB: pip install .*\[logs\]"):
        read_log(tmp_path / "run.parquet")


def test_long_files_are_counted_by_an_engine_without_being_asked(tmp_path, monkeypatch):
    pytest.importorskip("duckdb")
    path = tmp_path / "run.jsonl"
    path.write_text("".join(json.dumps({"problem": p, "correct": 1, "answer": "4"}) + "\n"
                            for p in "abab"))
    assert read_log(path)[0].answers["answer"].tolist() == ["4"] * 4
    monkeypatch.setattr(engine, "LONG", 3)
    [log] = read_log(path)
    assert log.answers is None and log.samples.n_samples.tolist() == [2, 2]
    assert read_log(path, answers=True)[0].answers["answer"].tolist() == ["4"] * 4
    with pytest.raises(ValueError, match="engine = 'spork' must be one of"):
        read_log(path, engine="spork")
