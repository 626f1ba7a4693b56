# make demo   the whole loop, offline, on the embedded IPS
# make test   the test suite
# make check  lint + types + import contracts + tests: what CI runs
# make chaos  kills, faults, fights and losses by chance; docs/chaos.md tells what, and how to play one again
# make bench  the benchmarks, beside their peers; docs/performance.md tells how to read them
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DIR ?= .demo
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
WORKERS ?= 2
BENCHMARKS ?= gateway submitting applying noop_plan soap_codec job_store ledger_sqlite ledger_postgres embedded_ips \
  validate_files large_manifest expansion compiling modifiers prediction rendering imaging_libraries plan_review

.PHONY: help demo test chaos bench check lint format types contracts build lock clean

help:
	@sed -n '1,5s/^# //p' Makefile

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "s7spec needs Python 3.11 or newer; name one with: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@.ci/ensure-venv $(PYTHON)
	$(PYTHON) -m venv $(VENV)

# Dependencies come from the hash-locked files only; s7spec itself is installed editable, with
# the build backend from the same lock.
$(VENV)/.runtime: .ci/locks/runtime.txt pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --require-hashes -r .ci/locks/runtime.txt
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: .ci/locks/dev.txt pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --require-hashes -r .ci/locks/dev.txt
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime

demo: $(VENV)/.runtime
	@$(BIN)/s7spec demo --dir $(DEMO_DIR)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n $(WORKERS)

chaos: $(VENV)/.dev
	@$(BIN)/python -m tests.chaos

bench: $(VENV)/.dev
	@for each in $(BENCHMARKS); do echo "== $$each"; $(BIN)/python -m benchmarks.$$each || exit 1; echo; done

check: lint types contracts test

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

build: $(VENV)/.dev
	$(BIN)/python -m build --no-isolation --outdir dist .

lock:
	.ci/lock

clean:
	rm -rf $(VENV) .demo build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
