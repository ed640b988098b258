"""Plain tables as logs: rows and counts, names of columns, and what is wrong with them."""
import gzip

import pytest

from scaling_utils import read_log

LONG = "problem,correct,answer\np2,1,3\np2,0,4\np10,false,\n"


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def counts(log):
    """{problem: (n, c)} of a log."""
    n, c = log.samples.counts()
    return {str(p): (int(a), int(b)) for p, a, b in zip(log.samples.problem, n, c, strict=True)}


@pytest.mark.parametrize("content", [
    LONG, b"\xef\xbb\xbf" + LONG.encode(), gzip.compress(LONG.encode(), mtime=0),
    LONG.replace(",", "\t"), LONG.replace(",", ";"), LONG.replace("\n", "\r\n"), LONG + "\n",
    '{"problem": "p2", "correct": true, "answer": "3"}\n'
    '{"problem": "p2", "correct": 0, "answer": "4"}\n{"problem": "p10", "correct": false}\n',
    '[{"problem": "p2", "correct": true, "answer": "3"},\n'
    '{"problem": "p2", "correct": 0, "answer": "4"}, {"problem": "p10", "correct": false}]',
])
def test_the_same_rows_in_every_way_of_writing_them(tmp_path, content):
    [log] = read_log(write(tmp_path, "run", content))
    assert counts(log) == {"p2": (2, 1), "p10": (1, 0)}
    assert list(log.samples.problem) == ["p2", "p10"]  # natural order
    assert log.answers["answer"].tolist()[:2] == ["3", "4"] and log.excluded == ()
    assert log.rows().votes().n_abstain.tolist() == [0, 1]
    assert log.files[0].n_rows == 3 and len(log.files[0].sha256) == 64


@pytest.mark.parametrize("header, row", [
    ("task_id,n,c", "a,10,3"), ("doc_id,num_samples,num_correct", "a,10,3"),
    ("problem,total,correct", "a,10.0,3"), ("id,n_samples,n_correct,model", "a,10,3,m")])
def test_counts_by_their_usual_names(tmp_path, header, row):
    [log] = read_log(write(tmp_path, "run.csv", f"{header}\n{row}\n"))
    assert counts(log) == {"a": (10, 3)} and log.answers is None


@pytest.mark.parametrize("content, message", [
    ("", "empty"), ("\n \n", "empty"), ("problem,correct\n", "holds no samples"),
    ("problem,correct\na,73.5\n", ":2: correct = '73.5' is no grade.*counts"),
    ("problem,correct\na,1\na,maybe\n", ":3: correct = 'maybe' is no grade"),
    ("problem,correct\na,1,2\n", ":2: 3 fields where the header names 2"),
    ("problem,n,c\na,10,11\n", ":2: c = 11 exceeds n = 10"),
    ("problem,n,c\na,10,.3\n", ":2: c = '.3' is a share, not a count"),
    ("problem,n,c\na,10,30%\n", ":2: c = '30%'"), ("problem,n,c\na,0,0\n", ":2: n = '0'"),
    ("problem,n,c\na,9,1\na,9,2\n", ":3: problem a has counts already, at .*:2"),
    ("1,0,1\n0,0,1\n", ":1: the first line holds numbers"),
    ("problem,correct,correct\n1,0,1\n", ":1: a column name occurs twice"),
    ("p,q\n1,0\n", "say which columns"),
    ("problem,correct\na,1\n,0\n", ":3: problem = '' is no name"),
    ("problem,sample,correct\na,0,1\na,0,0\n", ":3: sample 0 of problem a was graded True at"),
    ("task_id,doc_id,correct\na,b,1\n", ":2: 'task_id' and 'doc_id' may both be the problem"),
    (b"problem,correct\na,1\nb\xe9,1\n", ":3:2: byte 0xe9 is no UTF-8"),
    ("problem,correct\na,1\n".encode("utf-16"), "UTF-16"),
    (b"\x1f\x8b\x08\x00broken", "gzip"), (gzip.compress(LONG.encode(), mtime=0)[:-12], "gzip"),
    (b"PK\x03\x04....", "archive"), (b"\x80\x04\x95", "pickle"),
    ('{"problem": "a", "correct": 1}\n{"problem": "b", "corr', ":2:18: .*cut short"),
    ('{"problem": "a", "correct": 1}\n[1]\n', ":2: .*no record"),
    ('problem,correct\na,"1\n', ":2: .*quotation mark"),
    ('{"problem": "a", "correct": 1, "correct": 0}\n', ":1: a key occurs twice: 'correct'"),
    ("problem,correct,answer,prediction\na,1,4,5\n", "'answer' and 'prediction' may both be the"),
    ("problem,correct,tokens\na,1,-4\n", ":2: tokens = '-4' is negative"),
    ("problem,correct,score\na,1,high\n", ":2: score = 'high' is no number"),
    (f"problem,correct\n{'a' * 2000},1\n", ":2: problem = 'aaa.* is longer than 1,000 char"),
])
def test_errors_name_the_place(tmp_path, content, message):
    path = write(tmp_path, "run.log", content)
    with pytest.raises(ValueError, match=message) as error:
        read_log(path)
    assert str(error.value).startswith(str(path))


def test_what_is_left_out_is_counted_and_placed(tmp_path):
    path = write(tmp_path, "run.csv", "problem,sample,correct\na,0,1\na,1,\na,0,1\nb,0,\n")
    [log] = read_log(path)
    assert counts(log) == {"a": (1, 1)}
    assert {e.reason: e.n for e in log.excluded} == {
        "samples without a grade": 2, "samples that occur twice": 1,
        "problems without a graded sample": 1}
    assert f"{path}:3, problem a" in log.excluded[0].where
    [log] = read_log(path, ungraded="wrong")
    assert counts(log) == {"a": (2, 1), "b": (1, 0)}
    with pytest.raises(ValueError, match=":3: samples without a grade"):
        read_log(path, ungraded="error")


def test_models_are_told_apart_and_chosen(tmp_path):
    path = write(tmp_path, "run.csv", "problem,model,correct\na,x,1\na,y,0\n")
    assert [log.name for log in read_log(path)] == ["x", "y"]
    assert read_log(path, model="y")[0].samples.n_correct.tolist() == [0]
    with pytest.raises(ValueError, match=r"model = 'z' is not in the log; there are \['x', 'y'\]"):
        read_log(path, model="z")


def test_a_directory_is_one_run(tmp_path):
    for i in range(2):
        write(tmp_path, f"seed{i}.csv", f"problem,correct\na,{i}\n")
    assert counts(read_log(tmp_path)[0]) == {"a": (2, 1)}
    assert counts(read_log(tmp_path / "seed*.csv")[0]) == {"a": (2, 1)}
    with pytest.raises(ValueError, match="no such file"):
        read_log(tmp_path / "other.csv")


def test_hidden_files_of_a_folder_are_not_read(tmp_path):
    (tmp_path / ".ipynb_checkpoints").mkdir()
    for name in ("run.csv", ".ipynb_checkpoints/run.csv", ".hidden"):
        write(tmp_path, name, "problem,correct\na,1\n" + "b,0\n" * len(name))
    [log] = read_log(tmp_path)
    assert [(e.reason, e.n) for e in log.excluded] == [("hidden files", 2)]
    assert len(log.files) == 1


def test_columns_may_be_chosen(tmp_path):
    path = write(tmp_path, "run.csv", "k,right,right2\na,1,0\n")
    [log] = read_log(path, columns={"problem": "k", "correct": "right2"})
    assert counts(log) == {"a": (1, 0)}
    with pytest.raises(ValueError, match="no column 'g'"):
        read_log(path, columns={"problem": "k", "correct": "g"})
