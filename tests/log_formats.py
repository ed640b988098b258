"""The same outcomes in every format that is read: small files of the published shapes."""
import csv
import io
import json

import yaml


def lines(records):
    return "".join(json.dumps(record) + "\n" for record in records)


def each(outcomes):
    """(problem, number, grade) of every sample."""
    return [(p, j, y) for p, grades in outcomes.items() for j, y in enumerate(grades)]


def _csv(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def long_csv(outcomes):
    return {"run.csv": _csv([("problem", "sample", "correct"), *each(outcomes)])}


def long_jsonl(outcomes):
    return {"run.jsonl": lines({"question_id": p, "is_correct": bool(y), "epoch": j}
                               for p, j, y in each(outcomes))}


def counts_csv(outcomes):
    return {"run.csv": _csv([("problem", "n_samples", "n_correct"),
                             *((p, len(y), sum(y)) for p, y in outcomes.items())])}


def human_eval(outcomes):
    return {"samples.jsonl_results.jsonl": lines(
        {"task_id": p, "completion": "    return 1\n", "passed": bool(y),
         "result": "passed" if y else "failed: assertion"} for p, _, y in each(outcomes))}


def evalplus_new(outcomes):
    results = {p: [{"task_id": p, "solution": "def f(): pass", "base_status": "pass",
                    "plus_status": "pass" if y else "fail", "base_fail_tests": [],
                    "plus_fail_tests": []} for y in grades] for p, grades in outcomes.items()}
    return {"eval_results.json": json.dumps(
        {"date": "2026-01-01 00:00", "hash": "0", "eval": results,
         "pass_at_k": {"base": {"pass@1": 1.0}}})}


def evalplus_old(outcomes):
    results = {p: {"nfiles": len(grades), "base": [["success", [True]] for _ in grades],
                   "plus": [["success" if y else "failed", [bool(y)]] for y in grades]}
               for p, grades in outcomes.items()}
    return {"eval_results.json": json.dumps({"date": "2023-06-01", "hash": "0", "eval": results},
                                            indent=1)}


def lm_eval_record(problem, responses, target, metric, name="strict-match", kept=None):
    return {"doc_id": problem, "doc": {"question": "?"}, "target": target,
            "arguments": {"gen_args_0": {"arg_0": "?", "arg_1": {"until": []}}},
            "resps": [responses], "filtered_resps": kept if kept is not None else [responses],
            "filter": name, "metrics": ["exact_match"], "doc_hash": "0", "prompt_hash": "0",
            "target_hash": "0", "exact_match": metric}


def lm_eval(outcomes):
    return {"samples_task_2026-01-01T00-00-00.000000.jsonl": lines(
        lm_eval_record(p, ["4" if y else "5" for y in grades], "4", float(grades[0]))
        for p, grades in outcomes.items())}


def every_eval_ever(outcomes):
    return {"run_samples.jsonl": lines(
        {"schema_version": "instance_level_eval_0.2.1", "evaluation_id": "a/b/1", "model_id": "",
         "evaluation_name": "task", "sample_id": p, "sample_hash": "0",
         "interaction_type": "single_turn", "input": {"raw": "?", "reference": ["4"]},
         "output": {"raw": ["so 4"]}, "messages": None,
         "answer_attribution": [{"turn_idx": 0, "source": "output.raw", "extracted_value": "4",
                                 "extraction_method": "regex", "is_terminal": True}],
         "evaluation": {"score": float(y), "is_correct": bool(y)},
         "token_usage": {"input_tokens": 1, "output_tokens": 7, "total_tokens": 8},
         "error": None} | {"model_id": "org/model"} for p, _, y in each(outcomes))}


def monkeys_yaml(outcomes):
    return {f"{p}.yaml": yaml.safe_dump(
        {"prompt": "?", "question": "?", "samples": ["so 4\n"] * len(grades), "gt_answer": "4",
         "is_corrects": [bool(y) for y in grades]}) for p, grades in outcomes.items()}


def monkeys_jsonl(outcomes):
    return {"run.jsonl": lines({"question": "?", "orig_dset_idx": p, "gt_answer": "4",
                                "is_corrects": [bool(y) for y in grades]}
                               for p, grades in outcomes.items())}


def search_and_learn(outcomes):
    return {"best_of_n.jsonl": lines(
        {"problem": "?", "solution": "4", "answer": r"\frac{1}{2}", "subject": "Algebra",
         "level": 1, "unique_id": p,
         "completions": [r"## Step 1: so $\boxed{%s}$" % ("0.5" if y else "3") for y in grades],
         "scores": [[.1, .2 + .5 * y] for y in grades], "pred": r"\boxed{3}",
         "completion_tokens": [9] * len(grades)} for p, grades in outcomes.items())}


FORMATS = {  # writer -> (name of the format, grader to take)
    long_csv: ("table", None), long_jsonl: ("table", None), counts_csv: ("table", None),
    human_eval: ("human-eval", None), evalplus_new: ("evalplus", "plus"),
    evalplus_old: ("evalplus", "plus"), lm_eval: ("lm-eval", "exact_match,strict-match"),
    every_eval_ever: ("every_eval_ever", None), monkeys_yaml: ("monkeys", None),
    monkeys_jsonl: ("monkeys", None), search_and_learn: ("search-and-learn", None)}


def write(folder, files):
    """Write {name: text} into a folder; its path."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    return folder
