# What people type. `make help` lists it; README says where to begin.
# Installs into .venv: with uv where it is present, else with venv and pip; both from hashed locks.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OPEN_EDX := .venv-open-edx
PAGES := build/pages
UV := $(shell command -v uv 2>/dev/null)
export UV_PYTHON_DOWNLOADS := never
ARGS ?=

.PHONY: help setup setup-postgres setup-test demo test check lint types contracts format lock conformance bench image recalculate e2e open-edx firefox pictures secrets audit sbom clean

help: ## List what there is
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# One stamp per lock: nothing is installed again until a lock or the package's own data change.
$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed. Set PYTHON=/path/to/python3.11."; exit 1; }
	@if [ -n "$(UV)" ]; then uv venv --quiet --python "$$(command -v $(PYTHON))" $(VENV); \
	else $(PYTHON) -m venv $(VENV) || { echo "Python’s venv module is missing. On Debian: apt install python3-venv"; exit 1; }; fi

$(VENV)/run.stamp: $(VENV)/pyvenv.cfg requirements/run.lock pyproject.toml
	@echo "Installing what the tool needs (the first time takes up to a minute with pip)…"
	@if [ -n "$(UV)" ]; then uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/run.lock && uv pip install --quiet --compile-bytecode --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock && $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; fi
	@$(BIN)/python -m compileall -q lti_tool # else each of the first processes does it for itself
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements/test.lock
	@echo "Installing what the tests need…"
	@if [ -n "$(UV)" ]; then uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/test.lock; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.lock; fi
	@touch $@

setup: $(VENV)/run.stamp ## Set up what the tool needs to run

setup-postgres: $(VENV)/run.stamp ## Set up what the tool needs to run on PostgreSQL
	@if [ -n "$(UV)" ]; then uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/postgres.lock; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/postgres.lock; fi

setup-test: $(VENV)/test.stamp ## Set up what the tests need, a browser and nginx included
	@$(BIN)/python -m tests.support.chromium
	@$(BIN)/python -m tests.support.nginx

demo: setup ## Run the tool, its worker and a demo platform: ARGS="--fresh --port 8080"
	@$(BIN)/lti-tool demo $(ARGS)

test: setup-test ## Run all tests, then look at the pages they drew: ARGS="-k launch"
	@rm -rf $(PAGES)
	@$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder -p tests.looks.keeping --keep-pages $(PAGES) $(ARGS)
	@$(BIN)/python -m tests.looks $(PAGES) $(if $(ARGS),--of-some-tests)

e2e: setup-test ## Run the journeys in a real browser only
	@$(BIN)/python -m pytest tests/journeys $(ARGS)

conformance: setup-test ## Run the numbered protocol cases and print their state, per block
	@$(BIN)/python -m tests.conformance $(ARGS)

$(OPEN_EDX)/open-edx.stamp: $(VENV)/run.stamp requirements/open-edx.lock
	@echo "Installing Open edX’s LTI consumer in an environment of its own…"
	@if [ -n "$(UV)" ]; then uv venv --quiet --clear --python "$$(command -v $(PYTHON))" $(OPEN_EDX) && uv pip install --quiet --python $(OPEN_EDX)/bin/python --require-hashes -r requirements/open-edx.lock; \
	else $(PYTHON) -m venv --clear $(OPEN_EDX) && $(OPEN_EDX)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/open-edx.lock; fi
	@touch $@

open-edx: $(VENV)/test.stamp $(OPEN_EDX)/open-edx.stamp ## Go through launch, deep link and mark with Open edX as the platform
	@OPEN_EDX_PYTHON=$(OPEN_EDX)/bin/python $(BIN)/python -m pytest tests/open_edx/journey.py $(ARGS)

firefox: $(VENV)/test.stamp ## Go through a frame in Firefox, which must be installed: apt install firefox-esr
	@$(BIN)/python -m pytest -s tests/firefox/journey.py $(ARGS)

lint: setup-test ## Look for mistakes and untidiness
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Run make format."; exit 1; }

types: setup-test ## Check the types
	@$(BIN)/mypy

contracts: setup-test ## Check that imports only go down
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

format: setup-test ## Put the code into its usual shape
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

secrets: setup-test ## Look for keys, passwords and tokens in the tracked files
	@$(BIN)/python -m tests.supply secrets $(ARGS)

audit: setup-test ## Look up known weaknesses of the locked packages; needs the internet
	@$(BIN)/python -m tests.supply audit $(ARGS)

sbom: setup-test ## Write the list of parts (CycloneDX) of what a server runs: ARGS="FILE"
	@$(BIN)/python -m tests.supply sbom $(ARGS)

check: setup-test ## Everything CI checks
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint types contracts secrets
	@$(MAKE) --no-print-directory test

bench: setup-test ## Measure launches, pages, marks and more, write docs/figures.md: ARGS="sector --scale 0.1 --print"
	@$(BIN)/python -m tests.bench $(ARGS)

image: setup-test ## Build the image twice, compare, run it; needs root, buildah, podman, runc: ARGS="--base-here" without a registry
	@$(BIN)/python -m tests.image $(ARGS)

recalculate: setup-test ## Have LibreOffice work out every formula of our workbooks and compare to the penny (installs it)
	@$(BIN)/python -m tests.recalculation

pictures: setup-test ## Make the screenshots of README and docs again
	@$(BIN)/python -m tests.support.pictures

lock: ## Bring the locks up to date (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -o requirements/run.lock pyproject.toml requirements/build.in
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra postgres -c requirements/run.lock -o requirements/postgres.lock pyproject.toml requirements/build.in
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra test -c requirements/run.lock -o requirements/test.lock pyproject.toml requirements/build.in
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -o requirements/open-edx.lock requirements/open-edx.in

clean: ## Remove what was installed and made, the demo's data included
	rm -rf $(VENV) $(OPEN_EDX) instance build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
