# Each verb makes the environment it needs from the committed lock file.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eo pipefail -c
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PY = $(BIN)/python
BUILD = _build
NOTEBOOKS = $(shell grep -ls '^jupytext:' chapters/*.md)
RESULTS = scaling_utils/report/fits.csv
COMMA = ,
PARALLEL = --numprocesses auto --maxprocesses 8 --dist worksteal

# One core per chapter, and the same sums on every machine.
export OMP_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS = 1
export PYTHONHASHSEED = 0
# Modules are compiled once and kept, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE
# The chapters run in the kernel of their own environment, not in one that comes first on this path.
export JUPYTER_PATH =

.PHONY: help book results page test quick bench lowest newest mutants pdf notebooks serve lab lint sync times law \
  clean env env-lab lock execute

help:  ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

book: clean execute  ## strict build from nothing into _build/html, then its checks
	$(BIN)/jupyter-book build . -q -n -W --keep-going
	$(PY) tools/plain_text.py $(BUILD)/html
	$(PY) tools/check_all.py $(BUILD)/html
	$(PY) -m scaling_utils.report.results compare $(BUILD)/results $(RESULTS)
	@echo "The book is $(BUILD)/html/index.html"

results: clean execute  ## run the chapters and write the table of results from them
	$(PY) -m scaling_utils.report.results merge $(BUILD)/results $(RESULTS)

results: EVERY = --every
book results: export SCALING_RESULTS_DIR = $(CURDIR)/$(BUILD)/results

execute: env
	@mkdir -p $(BUILD)/results
	$(PY) tools/fill_cache.py $(BUILD)/.jupyter_cache $(EVERY)

page: env  ## one chapter, quickly: make page SLUG=pass_at_k
	@$(PY) tools/build_page.py "$(SLUG)"

reading: env  ## screens, weight and search of the built pages, and what is above the aims
	$(PY) tools/check_reading.py $(BUILD)/html

pdf: env  ## the built book as one PDF, by Chromium (a few minutes)
	$(PY) tools/print_edition.py $(BUILD)/html $(BUILD)/book.pdf

notebooks: env  ## the built chapters as notebooks with their outputs, into _build/html/notebooks
	$(PY) tools/notebooks.py $(BUILD) $(BUILD)/html/notebooks

test quick: export MPLBACKEND = agg
test: env  ## unit tests, doctests and chapter checks, on all cores
	$(PY) -m pytest $(PARALLEL)

quick: env  ## the tests without the slow ones, for use while editing
	$(PY) -m pytest $(PARALLEL) -q -m "not slow"

# Results with other versions than the locked ones, against the committed table.
lowest:  ## results with the lowest versions allowed equal the committed ones (needs uv)
newest:  ## the same with the newest versions
lowest newest:
	uv venv --quiet --clear --python $$(tools/find_python $(PYTHON)) $(VENV)-$@
	uv pip install --quiet --python $(VENV)-$@ --editable ".[book]" \
	  --resolution $(if $(filter lowest,$@),lowest-direct "pyparsing>=3.1$(COMMA)<3.3",highest)
	rm -rf $(BUILD)/$@
	@mkdir -p $(BUILD)/$@/results
	SCALING_RESULTS_DIR="$(CURDIR)/$(BUILD)/$@/results" \
	  $(VENV)-$@/bin/python tools/fill_cache.py $(BUILD)/$@/.jupyter_cache --every
	$(VENV)-$@/bin/python -m scaling_utils.report.results compare $(BUILD)/$@/results $(RESULTS)

mutants: env  ## change the core at random: how much do the tests notice? (needs mutmut)
	$(PY) tools/mutants.py $(BUILD)/mutants

bench: env  ## run the benchmarks
	@for file in benchmarks/bench_*.py; do echo "== $$file"; $(PY) "$$file"; done

backtest: env  ## score every forecaster on the long runs
	$(PY) -m scaling_utils.forecasting.backtest
	$(PY) -m scaling_utils.forecasting.ledger

serve:  ## show the built book at http://localhost:8000
	$(PYTHON) -m http.server --bind 127.0.0.1 --directory $(BUILD)/html 8000

lab: env-lab  ## open the chapters in JupyterLab
	$(VENV)-lab/bin/jupyter lab --notebook-dir=. chapters

lint: env  ## style, spelling, types, and which room may import which
	$(BIN)/ruff check .
	$(BIN)/codespell $$(git ls-files 2>/dev/null || echo .)
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy --cache-dir $(BUILD)/.mypy_cache

times: env  ## write what the chapters of the last build cost into the README
	@$(PY) tools/build_times.py $(BUILD)/times.json

sync: env  ## write each chapter's notebook from its text, without outputs
	@$(PY) tools/sync.py

law: env  ## start a law and its chapter: make law KEY=my_law [CHAPTER=an_existing_one]
	@$(PY) tools/new_law.py "$(KEY)" $(CHAPTER)

clean:  ## remove what was built
	rm -rf $(BUILD)/html $(BUILD)/jupyter_execute $(BUILD)/.doctrees $(BUILD)/.jupyter_cache \
	  $(BUILD)/results

# An environment holds the place, the interpreter and the lock that it was made from; it is made
# again if one of them changes.
env:
	@$(call make_env,$(VENV),requirements.lock)

env-lab:
	@$(call make_env,$(VENV)-lab,requirements-lab.lock)

define make_env
python=$$(tools/find_python $(PYTHON)); \
if ! { pwd; "$$python" -V; cat $(2); } | cmp -s - $(1)/made-from; then \
  echo "Making $(1) from $(2) (about a minute)"; \
  "$$python" -m venv --clear $(1); \
  $(1)/bin/python -m pip install --quiet --require-hashes -r $(2); \
  $(1)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .; \
  { pwd; "$$python" -V; cat $(2); } > $(1)/made-from; \
fi
endef

LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
  --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml --extra book

lock:  ## write the lock files again (needs uv)
	$(LOCK) --extra test --output-file requirements.lock
	$(LOCK) --extra lab --constraint requirements.lock --output-file requirements-lab.lock
