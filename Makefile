# Two commands do everything: make demo and make test.
# Both build .venv by themselves, with uv where it can be had and with plain pip where not.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# The machine's own pip fills .venv, which needs none: Debian parts ensurepip from Python.
PIP := $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: setup demo test lint check soak bench clean

setup: .venv/.ready

.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Makefile: Python 3.11 is not here; install it or say make PYTHON=…" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv --without-pip .venv
	$(PIP) uv && $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e '.[dev]' \
	    || $(PIP) -e '.[dev]'
	touch $@

demo: setup
	$(BIN)/leadline demo

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 2 sql
	$(BIN)/sqlfluff lint --processes 2 --exclude-rules ST06,LT09,AL05 tests/sql

test: lint
	$(BIN)/python -m pytest -n 2 -m "not soak"

soak: setup
	$(BIN)/python -m pytest -m soak -x

bench: setup
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
