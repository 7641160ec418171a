# Everything from a clean checkout: needs Python 3.11 with venv, make, and a Python package index.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
ARGS ?=
MESSAGES ?= 2000
KILLS ?= 20
SECONDS ?= 60
JOBS ?= auto
EXAMPLES ?= 1000
TARIFFS ?= 200
ACCOUNTS ?= 100
MONTHS ?= 24
SHARDS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup browser oracle api prism demo run migrate test lint types layers check prove chaos years fuzz messages schema bench

help:  ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/ready  ## Make .venv with the command `meterline` and the tools of development in it

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' || \
		{ echo 'Meterline needs Python 3.11 or later; set PYTHON=/path/to/it' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

browser: .venv/browser
.venv/browser: .venv/ready
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,browser]'
	@touch $@

api: .venv/api
.venv/api: .venv/ready
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[api]' || \
		echo 'schemathesis could not be installed: the API will not be tried by it' >&2
	@touch $@

prism: .prism/ready  ## Fetch Prism and Twilio's own description of its interface from npm (wants Node.js 20; nothing else needs it)
.prism/ready:
	npm install --prefix .prism --no-audit --no-fund --ignore-scripts @stoplight/prism-cli@5.14.2 @twilio/cli-core@9.0.0
	@touch $@

oracle: .venv/oracle
.venv/oracle: .venv/ready
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[oracle]' || \
		echo 'nrel-pysam could not be installed: tariffs will not be compared with it' >&2
	@touch $@

demo: setup  ## Start a small town and text with it (ARGS=--script: only the conversation)
	@$(BIN)/meterline demo $(ARGS)

run: setup  ## Listen and work in one process tree, with the settings of the environment
	$(BIN)/meterline serve --work

migrate: setup  ## Bring the database to this version
	$(BIN)/meterline migrate

test: setup  ## The quick tests, on every processor (JOBS=0: on one)
	$(BIN)/python -m pytest -m 'not prove' -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports

check: lint types layers test  ## Style, types, import contracts and tests

ARITHMETIC := tests/core tests/demo
KILLING := tests/chaos
# These have the processors for themselves: whom they strike must be at work, and is waited for by the clock.
ALONE := $(KILLING)/test_kills.py $(KILLING)/test_planted.py
SIZES = METERLINE_MESSAGES=$(MESSAGES) METERLINE_KILLS=$(KILLS) METERLINE_EXAMPLES=$(EXAMPLES) \
	METERLINE_TARIFFS=$(TARIFFS) METERLINE_ACCOUNTS=$(ACCOUNTS) METERLINE_MONTHS=$(MONTHS)

prove: browser oracle api  ## Kills, browsers, other calculators (MESSAGES, KILLS, EXAMPLES, TARIFFS, ACCOUNTS, MONTHS: sizes)
	$(SIZES) $(BIN)/python -m pytest -m 'prove or properties' -n $(JOBS) --dist loadfile $(ARITHMETIC) $(ARGS) $(if $(ARGS),|| test $$? = 5)
	$(SIZES) $(BIN)/python -m pytest -m 'prove or properties' -n $(JOBS) --dist loadfile $(addprefix --ignore=,$(ARITHMETIC) $(KILLING)) $(ARGS) $(if $(ARGS),|| test $$? = 5)
	$(SIZES) $(BIN)/python -m pytest -m 'prove or properties' -n $(JOBS) --dist loadfile $(KILLING) $(addprefix --ignore=,$(ALONE)) $(ARGS) $(if $(ARGS),|| test $$? = 5)
	$(SIZES) $(BIN)/python -m pytest -m 'prove or properties' $(ALONE) $(ARGS) $(if $(ARGS),|| test $$? = 5)

chaos: setup  ## The kill test alone, and what it counted (MESSAGES, KILLS: its size)
	METERLINE_MESSAGES=$(MESSAGES) METERLINE_KILLS=$(KILLS) $(BIN)/python -m pytest tests/chaos/test_kills.py $(ARGS)

years: setup  ## Years of a town closed day by day, and all at once, alone (ACCOUNTS, MONTHS: its size; SHARDS: on so many processors)
	METERLINE_ACCOUNTS=$(ACCOUNTS) METERLINE_MONTHS=$(MONTHS) METERLINE_SHARDS=$(SHARDS) $(BIN)/python -m pytest -m prove -n $(SHARDS) \
		tests/core/books/test_years.py $(ARGS)

fuzz: .venv/fuzz  ## Let a fuzzer look for bytes that break signature, form or grammar (SECONDS=… for each)
	for target in form signature text proxies; do $(BIN)/python -m tests.fuzz $$target $(SECONDS) || exit 1; done
.venv/fuzz: .venv/ready
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,fuzz]'
	@touch $@

messages: setup  ## Bring the catalogs of words up to the code
	$(BIN)/python -m gateway.catalogs

schema: setup  ## Write core/store/schema.sql anew
	$(BIN)/python -m gateway.schema

bench: setup  ## Measure ratios in one run (ARGS=inbound for one of them)
	$(BIN)/meterline bench $(ARGS)
