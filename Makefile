# dibao: everything a newcomer types. Needs python3 (>= 3.11, with venv and pip) and make; the rest is set up in .venv.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
SERVE  ?= yes
PORT   ?= 8001
DB     ?= demo/archive.db
ARGS   ?=
MINUTES ?= 10

.PHONY: help setup demo test lint bench fuzz browser clean

help:
	@echo "make demo          crawl a model government web for two days and browse the archive  (SERVE=no to stop after the crawl)"
	@echo "make test          lint, then every test"
	@echo "make lint          ruff, mypy --strict, import-linter"
	@echo "make bench         every benchmark, small, checked against its bars  (ARGS=--json for figures)"
	@echo "make fuzz          look for inputs that break the cleaners, MINUTES=10 each  (ARGS=\"dates clean\" for some targets)"

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "dibao needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: setup
ifeq ($(SERVE),no)
	$(BIN)/dibao demo --db $(DB) --no-serve $(ARGS)
else
	$(BIN)/dibao demo --db $(DB) --serve --port $(PORT) $(ARGS)
endif

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: lint browser
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

# Browser tests want Debian's chromium; where it cannot be installed they skip and say so.
browser:
	@command -v chromium >/dev/null 2>&1 || .ci/chromium || echo "no chromium: the browser tests will skip"

bench: setup
	@for b in benchmarks/*.py; do echo "== $$b"; $(BIN)/python $$b --quick --check $(ARGS) || exit 1; done

# What it finds is kept in tests/fuzz/finds and replayed by every test run.
fuzz: setup
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES) $(ARGS)

clean:
	rm -rf $(VENV) demo dist .fuzz .pytest_cache .mypy_cache .ruff_cache .hypothesis
