# Everything that developers, operators and automatic builds call. `make help` lists it.

# The first Python from 3.11 on that can make a virtual environment.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
VENV_PYTHON = .venv/bin/python
BOOTSTRAP = lawgov/operations/bootstrap.py
SOURCES = manage.py lawgov indicators assessments tests

.DEFAULT_GOAL := help
.PHONY: help run test test-nightly check bench-pages bench-sheets bench-reminders python installed installed-for-tests

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: installed ## start the product (HOST, PORT, DATA_DIR, EMPTY=1, DEMO_PASSWORD); Ctrl-C stops it
	@exec $(VENV_PYTHON) manage.py serve

test: installed-for-tests ## the whole suite, on SQLite, PostgreSQL, Redis and in a browser
	@exec $(VENV_PYTHON) -m tests.run

test-nightly: installed-for-tests ## the same with the large amounts
	@TIER=N exec $(VENV_PYTHON) -m tests.run

check: installed-for-tests ## format, lint, types, templates, migrations, architecture
	$(VENV_PYTHON) -m ruff format --check $(SOURCES)
	$(VENV_PYTHON) -m ruff check $(SOURCES)
	$(VENV_PYTHON) -m mypy
	git ls-files -z '*.html' | xargs -0 .venv/bin/djade --target-version 5.2 --check
	DJANGO_SETTINGS_MODULE=lawgov.settings.test $(VENV_PYTHON) manage.py makemigrations --check
	$(VENV_PYTHON) -m pytest -q tests/test_architecture.py tests/test_lints.py

bench-pages: installed-for-tests ## what pages, clicks and lists cost on PostgreSQL, as ratios in one run
	@exec $(VENV_PYTHON) -m tests.benchmarks.pages

bench-sheets: installed-for-tests ## what reading and writing sheets costs, as ratios in one run
	@$(VENV_PYTHON) -m tests.benchmarks.reading
	@exec $(VENV_PYTHON) -m tests.benchmarks.sheets

bench-reminders: installed-for-tests ## what planning and sending reminders costs, as ratios in one run
	@exec $(VENV_PYTHON) -m tests.benchmarks.reminders

installed: python
	@$(PYTHON) $(BOOTSTRAP) run

installed-for-tests: python
	@$(PYTHON) $(BOOTSTRAP) test

python:
ifeq ($(strip $(PYTHON)),)
	@echo "需要 Python 3.11 或更新的版本，并带 venv。 Python 3.11 or newer with venv is needed." >&2
	@exit 1
endif
