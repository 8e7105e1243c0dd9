# Two commands do everything: make test, and from the first dashboard on make demo.
# Both build .venv by themselves, with uv where it can be had and with plain pip where not.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# The machine's own pip fills .venv, which needs none: Debian parts ensurepip from Python.
PIP := $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: setup test lint check soak bench example clean

setup: .venv/.ready

.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Makefile: Python 3.11 is not here; install it or say make PYTHON=…" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv --without-pip .venv
	$(PIP) uv && $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e '.[dev]' \
	    || $(PIP) -e '.[dev]'
	touch $@

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

# The eventful half hour of the sample week, with what its views need.
SAMPLE := sessions sample_prices sample_off_exchange sample_options sample_insiders sample_filings sample_crypto

example: setup
	rm -rf .example && set -e; for feed in $(SAMPLE); do \
	    $(BIN)/python -m leadline --store .example/store load $$feed; done
	$(BIN)/python -m leadline --store .example/store warehouse build --example \
	    --since 2024-02-16T15:00Z --until 2024-02-16T15:30Z -o warehouse.duckdb.example
	rm -rf .example

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
