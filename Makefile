# `make` alone prints this list.
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run setup test lint format check bench clean

help:  ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

run: $(VENV)/run.stamp  ## Set up, build the demonstration organisation, start Heard
	@$(BIN)/heard demo
	@$(BIN)/heard serve

test: $(VENV)/test.stamp  ## Set up and run every test (real Chromium, real PostgreSQL)
	@$(BIN)/python -m pytest

lint: $(VENV)/test.stamp  ## Ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/test.stamp  ## Put the code in its usual shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

check: $(VENV)/run.stamp  ## Check the questionnaires
	@$(BIN)/heard check

bench: $(VENV)/test.stamp  ## Measure (programs in tests/benchmarks)
	@for program in tests/benchmarks/*.py; do echo "== $$program"; $(BIN)/python $$program || exit 1; done

setup: $(VENV)/run.stamp  ## Install what `make run` needs

clean:  ## Remove the virtual environment and the demonstration organisation
	rm -rf $(VENV) instance

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Heard needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: setup.cfg pyproject.toml | $(VENV)/bin/python
	@echo "Setting up (the first time this downloads about 150 MB) ..."
	@$(BIN)/pip install --quiet --progress-bar on -e '.[analysis,charts,voice]'
	@touch $@

$(VENV)/test.stamp: setup.cfg pyproject.toml tests/install | $(VENV)/bin/python
	@echo "Setting up the tests ..."
	@$(BIN)/pip install --quiet -e '.[test,lint]'
	@bash tests/install
	@touch $@
