# make run: serve on http://127.0.0.1:8000 · make test: all tests · make check: the quick part · make bench: benchmarks
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(wildcard expo/translations/*/LC_MESSAGES/messages.po)

# pip's output goes to a file, so that a first start without a network fails with one line.
install = $(BIN)/python -m pip install --disable-pip-version-check --retries 2 -r $(1) >$(VENV)/pip.log 2>&1 || { echo "The requirements could not be installed: is there a network? What pip said: $(VENV)/pip.log" >&2; exit 1; }

.PHONY: run test check bench messages compile migration format help
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp $(VENV)/catalogues.stamp ## install and serve everything
	@exec $(BIN)/python -m flask expo serve

test: $(VENV)/dev.stamp $(VENV)/catalogues.stamp check ## run all checks and tests
	@$(BIN)/python -m pytest -n auto --dist worksteal -q

check: $(VENV)/dev.stamp ## check formatting, linting, types and import contracts
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > $(VENV)/contracts.log || { cat $(VENV)/contracts.log; exit 1; }

bench: $(VENV)/dev.stamp $(VENV)/catalogues.stamp ## run the benchmarks; results in bench/results
	@$(BIN)/python -m bench.run

format: $(VENV)/dev.stamp
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

messages: $(VENV)/dev.stamp ## update the message catalogues from the source
	@$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext -k lazy_pgettext:1c,2 --no-location --sort-output -o $(VENV)/messages.pot .
	@for po in $(CATALOGUES); do $(BIN)/pybabel -q update -w 120 --no-fuzzy-matching --ignore-obsolete -N -i $(VENV)/messages.pot -o $$po -l $$(basename $$(dirname $$(dirname $$po))); done

compile: $(VENV)/catalogues.stamp ## compile the message catalogues

migration: $(VENV)/dev.stamp ## generate a migration from the models: make migration NAME="Payments"
	@test -n "$(NAME)" || { echo 'Give the migration a name: make migration NAME="What changes"' >&2; exit 2; }
	@rm -rf $(VENV)/migration && export EXPO_DATA_DIR=$(CURDIR)/$(VENV)/migration && $(BIN)/flask db upgrade && $(BIN)/flask db migrate -m "$(NAME)" --rev-id $$(printf '%04d' $$(($$(ls migrations/versions/*.py | sed 's|.*/0*\([0-9]*\)_.*|\1|' | sort -n | tail -1) + 1))) && rm -rf $(VENV)/migration

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { echo "Python cannot make a virtual environment here: install its venv module (Debian: apt-get install python3-venv), and check that this folder can be written to." >&2; exit 1; }
	@touch $@

$(VENV)/run.stamp: requirements.txt $(VENV)/python.stamp
	@echo "Installing the requirements (once) …"
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt $(VENV)/python.stamp
	@echo "Installing the test requirements (once) …"
	@$(call install,requirements-dev.txt)
	@touch $@ $(VENV)/run.stamp

$(VENV)/catalogues.stamp: $(CATALOGUES) | $(VENV)/run.stamp
	@for po in $(CATALOGUES); do $(BIN)/pybabel -q compile -i $$po -o $${po%.po}.mo || exit 1; done
	@touch $@
