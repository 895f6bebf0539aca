# Everything starts here; `make` alone lists the commands.  Needs python3, python3-venv and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VAR ?= $(or $(UKETORI_VAR),var)
LOCK := $(VENV)/lock
HOST ?= 127.0.0.1
PORT ?= 8000
NOW ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

export UKETORI_VAR := $(VAR)

.DEFAULT_GOAL := help
.PHONY: help setup run test bench bench-growth rules check fix reset lock diagrams

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.installed ## install, make the tables, Osaka and its hours
	@$(BIN)/uketori setup

run: $(VENV)/.installed ## the site with a mailbox (NOW=2026-12-28T11:58+09:00 PORT=8000)
	@exec $(BIN)/uketori run --host $(HOST) --port $(PORT) $(if $(NOW),--now $(NOW))

test: $(VENV)/.installed-dev ## all checks and all tests, on both databases and in the browser
	@exec $(BIN)/python scripts/suites.py

bench: $(VENV)/.installed-dev ## figures of speed, as JSON, each with its target; 1 if one was missed
	@exec $(BIN)/python -m bench

bench-growth: $(VENV)/.installed-dev ## the same with a million past reservations; several minutes
	@exec $(BIN)/python -m bench search

rules: $(VENV)/.installed-dev ## the rules alone: the fast loop
	@exec $(BIN)/python -m pytest -q tests/rules

check: $(VENV)/.installed-dev ## formatting, lint, types, layers, migrations
	@exec $(BIN)/python scripts/suites.py check

diagrams: $(VENV)/.installed-dev ## the tables as a picture: docs/data-model.md
	@$(BIN)/python scripts/diagrams.py write

fix: $(VENV)/.installed-dev ## let the machine tidy
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

reset: $(VENV)/.installed ## throw the data of this folder away and seed it anew
	@rm -rf -- $(addprefix $(VAR)/,uketori.sqlite3 uketori.sqlite3-wal uketori.sqlite3-shm mailbox static secret)
	@$(BIN)/uketori setup

lock: ## compile the hashed requirements anew
	@$(MAKE) --no-print-directory $(LOCK)/.installed
	@$(LOCK)/bin/uv pip compile pyproject.toml $(COMPILE) -o requirements.lock
	@$(LOCK)/bin/uv pip compile pyproject.toml --extra dev -c requirements.lock $(COMPILE) \
		-o requirements-dev.lock

COMPILE := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate

$(LOCK)/.installed:
	@$(PYTHON) -m venv $(LOCK)
	@$(LOCK)/bin/python -m pip --disable-pip-version-check --quiet install uv
	@touch $@

# Debian's bare python3 can make no venv; the half-made folder would only confuse the next attempt.
$(BIN)/python:
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo 'python3-venv がありません。apt-get install python3-venv を実行してから、もう一度どうぞ。(python3-venv is missing: apt-get install python3-venv)' >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
