"""Plan files: the example, the schema, every key, every refusal."""
import copy
import json

import numpy as np
import pytest
import yaml

from scaling_utils import Cost, Model
from scaling_utils.planning import files, pricing

BASE = {"target": 0.5, "strategies": ["oracle"], "candidates": [
    {"name": "a", "n_samples": 20, "n_correct": [0, 1, 5, 12] * 10,
     "cost": {"usd_per_million_tokens": 2.0, "tokens_per_sample": 500}},
    {"name": "b", "n_samples": 20, "n_correct": [0, 3, 9, 18] * 10,
     "cost": {"usd_per_sample": 0.01}}]}


def changed(**parts):
    """The plan with other values; a path is written a__b, numbers are places in lists."""
    content = copy.deepcopy(BASE)
    for path, value in parts.items():
        *steps, last = (int(s) if s.isdigit() else s for s in path.split("__"))
        at = content
        for step in steps:
            at = at[step]
        if value is None:
            del at[last]
        else:
            at[last] = value
    return content


@pytest.fixture
def valid():
    validator = pytest.importorskip("jsonschema").Draft202012Validator
    validator.check_schema(files.schema())
    return validator(files.schema()).is_valid


def test_the_example_follows_the_schema_and_runs(valid):
    assert valid(yaml.safe_load(files.example().read_text("utf-8")))
    found = files.plan_from_file(files.example())
    assert found.unit == "flops" and found.target == 0.85 and len(found.options) == 5


def test_schema_and_reader_know_the_same_keys():
    schema = files.schema()
    cost, candidate = schema["$defs"]["cost"], schema["$defs"]["candidate"]
    assert tuple(schema["properties"]) == files.PLAN
    assert tuple(candidate["properties"]) == files.CANDIDATE
    assert tuple(cost["properties"]) == pricing.KEYS
    names = [p.strip("^$").replace("[a-z]{3}", "usd") for p in cost["patternProperties"]]
    assert all(pricing.PRICE.fullmatch(name) for name in names) and len(names) == 4
    assert files.BUDGET.pattern in next(iter(schema["patternProperties"]))


def test_yaml_and_json_say_the_same(tmp_path, valid):
    assert valid(BASE)
    (tmp_path / "plan.yml").write_text(yaml.safe_dump(BASE), "utf-8")
    (tmp_path / "plan.json").write_text(json.dumps(BASE), "utf-8")
    found = [files.plan_from_file(tmp_path / name).to_dict() for name in ("plan.yml", "plan.json")]
    assert found[0] == found[1] and found[0]["unit"] == "usd"


def test_every_option_arrives(valid):
    content = changed(target=0.4, confidence=0.8, level=0.8, seed=3, k_max=15,
                      budget_usd_per_problem=1.0)
    assert valid(content)
    found = files.parse(content).plan()
    assert (found.target, found.budget, found.level) == (0.4, 1.0, 0.8)
    assert found.p_target >= 0.8 and found.curve_table().k.max() <= 15


COSTS = [
    ({"usd_per_million_tokens": 2.0, "tokens_per_sample": 500, "tokens_per_prompt": 100,
      "usd_per_million_prompt_tokens": 1.0, "prompt_each": True},
     Cost("usd", 0.0011, 0.0, 500.0)),
    ({"eur_per_sample": 0.01, "tokens_per_sample": 9}, Cost("eur", 0.01, 0.0, 9.0)),
    ({"parameters": 1e9, "tokens_per_sample": 100}, Cost.of_flops(1e9, 100)),
    ({"shape": "Llama-3-8B", "tokens_per_sample": 100, "tokens_per_prompt": 10},
     Cost.of_flops(Model.named("Llama-3-8B"), 100, tokens_per_prompt=10)),
    ({"parameters": 1e9, "tokens_per_sample": 100, "device": "H100-80GB", "n_devices": 2,
      "batch": 8, "tokens_per_second": 500, "usd_per_card_hour": 3.6},
     Cost("usd", 0.0002, 0.0, 100)),
]


@pytest.mark.parametrize(("given", "expected"), COSTS)
def test_each_way_of_paying(given, expected, valid):
    content = changed(candidates__0__cost=given)
    content["candidates"] = content["candidates"][:1]
    assert valid(content)
    found = files.parse(content).plan().curves[0].unit
    assert found.unit == expected.unit and np.isclose(found.per_sample, expected.per_sample)
    assert np.isclose(found.per_problem, expected.per_problem, atol=1e-12)
    assert found.tokens_per_sample == expected.tokens_per_sample


def test_numbers_that_yaml_takes_for_text(tmp_path):
    """8e9 is text to YAML 1.1, and a number to everybody else."""
    content = changed(target=None, candidates__1__cost={"parameters": 1, "tokens_per_sample": 100})
    content["candidates"] = content["candidates"][1:]
    text = yaml.safe_dump(content).replace("parameters: 1", "parameters: 8e9")
    (tmp_path / "plan.yml").write_text(f"budget_flops_per_problem: 1e13\n{text}", "utf-8")
    found = files.plan_from_file(tmp_path / "plan.yml")
    assert found.budget == 1e13 and found.choice.k == 6  # 2 * 8e9 * 100 each


LOG = "problem,model,correct,tokens\n" + "".join(
    f"p{i},m{j},{int((i + j + s) % 3 == 0)},{100 * (j + 1)}\n"
    for j in range(2) for i in range(12) for s in range(6))


def test_logs_are_read_from_the_folder_of_the_plan(tmp_path):
    (tmp_path / "run.csv").write_text(LOG, "utf-8")
    content = {"budget_usd_per_problem": 0.1, "strategies": ["oracle"], "candidates": [
        {"name": f"one{j}", "log": "run.csv", "log_model": f"m{j}",
         "cost": {"usd_per_million_tokens": 10.0}} for j in range(2)]}
    (tmp_path / "plan.yml").write_text(yaml.safe_dump(content), "utf-8")
    found = files.plan_from_file(tmp_path / "plan.yml")
    assert sorted(option.tokens_per_sample for option in found.options) == [100, 200]
    assert [log.name for log in files.read_plan(tmp_path / "plan.yml").logs] == ["one0", "one1"]
    del content["candidates"][0]["log_model"]
    with pytest.raises(ValueError, match=r"holds 2 runs: choose one by log_model, of m0, m1"):
        files.parse(content, tmp_path).plan()


BAD = [
    (changed(goal=0.5), "'goal' is unknown; it takes title, target"),
    (changed(candidates=None), "candidates is missing"),
    (changed(candidates=[]), "candidates is missing"),
    (changed(candidates__1__price=3), r"candidates\[1\]: 'price' is unknown"),
    (changed(candidates__1__name=None), r"candidates\[1\]: name is missing"),
    (changed(candidates__1__cost=None), r"candidates\[1\]: cost is missing"),
    (changed(candidates__1__cost={}), r"candidates\[1\]: cost: tokens_per_sample is missing"),
    (changed(candidates__1__cost={"tokens_per_sample": 5}), "cost: no price: give usd_per_million"),
    (changed(candidates__0__cost__usd_per_million_tokens=-1), "_tokens = -1 is negative"),
    (changed(candidates__0__cost__usd_per_million_tokens="two"), "_tokens must hold num"),
    (changed(candidates__0__cost__eur_per_sample=1), r"prices in eur and usd: one currency"),
    (changed(candidates__1__cost={"eur_per_sample": 1.0}), "'b' is paid in eur and 'a' in usd"),
    (changed(candidates__1__cost={"usd_per_sample": 1.0, "usd_per_card_hour": 2.0}),
     "a price per sample has no price per card hour"),
    (changed(candidates__1__cost={"usd_per_sample": 1.0, "batch": 4}), "batch is not used by"),
    (changed(candidates__1__cost={"parameters": 1e9, "shape": "Llama-3-8B",
                                  "tokens_per_sample": 5}), "shape or parameters, not both"),
    (changed(candidates__1__cost={"device": "H100-80GB", "tokens_per_sample": 5}),
     "a card needs batch, and parameters or shape"),
    (changed(candidates__1__cost={"device": "abacus", "tokens_per_sample": 5}), "'abacus' is none"),
    (changed(budget_flops_per_problem=1e9), "is in flops, and 'a' is paid"),
    (changed(budget_flops_per_problem=1e9, budget_usd_per_problem=1.0), "give one budget"),
    (changed(candidates__0__n_correct=None), "n_correct"),
    (changed(candidates__0__dataset="chain_counts"), "not dataset and n_samples"),
    (changed(candidates__0__n_samples=None, candidates__0__n_correct=None), "give one of log, dat"),
    (changed(candidates__0__scorer={"flops": 1}), r"scorer: 'flops' is unknown"),
    ([1, 2], "must hold names and values, not list"),
]


@pytest.mark.parametrize(("content", "message"), BAD)
def test_faults_are_named_with_their_place(content, message):
    with pytest.raises(ValueError, match=message):
        files.parse(content).plan()


@pytest.mark.parametrize(("where", "message"), [
    ({"colour": 1}, "has no column 'colour', but run, model"),
    ({"model": "none"}, "no row of chain_counts has"),
    ({}, "occurs"),
])
def test_data_sets_are_chosen_to_one_model(where, message):
    one = {"name": "a", "dataset": "chain_counts", "where": where, "cost": {"usd_per_sample": 1.0}}
    with pytest.raises(ValueError, match=message):
        files.parse({"target": 0.5, "candidates": [one]}).plan()


def test_what_is_no_yaml_is_refused(tmp_path):
    (tmp_path / "plan.yml").write_text("a: [1", "utf-8")
    with pytest.raises(ValueError, match="no YAML or JSON"):
        files.plan_from_file(tmp_path / "plan.yml")
