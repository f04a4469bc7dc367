# luubao: every target sets up what it needs; `make` alone lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
PEERS := .venv-peers
TOOLS := .venv-tools
SCALE := .venv-scale
WORKERS ?= 2
SPREAD = -n $(WORKERS) --dist worksteal  # each begins with tests that stand together, and share what a module sets up
DECIDED = $(shell sed -n '/test_selection = /,/]/s/ *"\(.*\)",/\1/p' pyproject.toml)

unexport PYTHONDONTWRITEBYTECODE  # the tests start Python some hundred times, and each start would compile all of it

.DEFAULT_GOAL := help
.PHONY: help setup peers tools scale demo test test-scale faults fuzz fuzz-deep coverage mutants soak lint format types bench picture wheel lock clean

help:  ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 12

setup: $(STAMP)  ## Make .venv with what the lock names, and luubao itself in it

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "luubao needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

peers: $(PEERS)/.set-up  ## Make .venv-peers: what benchmarks compare with, and what checks our exports

$(PEERS)/.set-up: requirements-peers.lock
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-peers.lock
	@touch $(PEERS)/.set-up

scale: $(SCALE)/.set-up  ## Make .venv-scale: luubao with Daft and Ray, and what tests it

$(SCALE)/.set-up: requirements-scale.lock pyproject.toml
	$(PYTHON) -m venv $(SCALE)
	$(SCALE)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-scale.lock
	$(SCALE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(SCALE)/.set-up

tools: $(TOOLS)/.set-up  ## Make .venv-tools: what tests the tests

$(TOOLS)/.set-up: requirements-tools.lock
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-tools.lock
	@touch $(TOOLS)/.set-up

demo: $(STAMP)  ## Run the main job on a small newspaper of our own, on this machine alone
	$(BIN)/luubao demo

test: $(STAMP)  ## Run all tests but the soak
	$(BIN)/pytest $(SPREAD) -m "not soak"

test-scale: $(SCALE)/.set-up  ## Run the tests that need Daft and Ray, on a cluster of this machine alone
	$(SCALE)/bin/pytest -m scale tests/scale

faults: $(STAMP)  ## Run the faults of network, pages, machine and file, and write docs/reliability.md
	LUUBAO_WRITE_DOCS=1 $(BIN)/pytest $(SPREAD) -m "faults and not soak"

fuzz: $(STAMP)  ## Throw new junk at all that reads what strangers send, FUZZ_SECONDS=600 in all
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} $(BIN)/pytest -n $(WORKERS) tests/fuzz

fuzz-deep: $(TOOLS)/.set-up  ## As fuzz, by atheris, which follows what the junk reaches in the code
	$(TOOLS)/bin/python -m tests.fuzz.deep

coverage: $(TOOLS)/.set-up  ## Measure branch coverage of the deciders by their own tests; below 100 % fails
	CI=1 $(TOOLS)/bin/coverage run -m pytest -q $(DECIDED)
	$(TOOLS)/bin/coverage report

mutants: $(TOOLS)/.set-up  ## Break the deciders in every small way, and count what their tests notice (an hour)
	rm -rf mutants
	CI=1 LUUBAO_EXAMPLES=10 $(TOOLS)/bin/mutmut run --max-children $(WORKERS)
	$(TOOLS)/bin/python -m tests.mutants

soak: $(STAMP)  ## Run the long tests at full length (LUUBAO_KILL_ROUNDS=500 and more; about an hour)
	LUUBAO_FAULT_REQUESTS=$${LUUBAO_FAULT_REQUESTS:-10000} \
		LUUBAO_KILL_ROUNDS=$${LUUBAO_KILL_ROUNDS:-500} LUUBAO_SOAK_SECONDS=$${LUUBAO_SOAK_SECONDS:-3600} \
		LUUBAO_EXAMPLES=$${LUUBAO_EXAMPLES:-1000} $(BIN)/pytest

lint: $(STAMP)  ## Check style and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(STAMP)  ## Put the code into its one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(STAMP)  ## Check the types
	$(BIN)/mypy

picture: $(STAMP)  ## Draw the picture of the READMEs anew, from a real run
	$(BIN)/python -m docs.picture

wheel: $(STAMP)  ## Build the wheel into dist/
	rm -rf dist
	$(BIN)/python -m hatchling build -t wheel

lock: $(STAMP)  ## Choose today's releases of what pyproject.toml names
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header -q \
		--upgrade -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header -q \
		--upgrade -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --extra scale --group dev --universal --generate-hashes --no-header -q \
		--upgrade -o requirements-scale.lock
	$(BIN)/uv pip compile --group peers --universal --generate-hashes --no-header -q \
		--upgrade -o requirements-peers.lock
	$(BIN)/uv pip compile pyproject.toml --group tools --universal --generate-hashes --no-header -q \
		--upgrade -o requirements-tools.lock

clean:  ## Remove what was built
	rm -rf $(VENV) $(PEERS) $(TOOLS) mutants .coverage $(SCALE) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
