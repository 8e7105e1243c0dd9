# Two commands do everything: make test, and from the first dashboard on make demo.
# Both build .venv by themselves, with uv where it can be had and with plain pip where not.

PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: setup test lint check soak bench clean

setup: .venv/.ready

.venv/.ready: pyproject.toml constraints.txt
	command -v $(PYTHON) > /dev/null || { echo "Makefile: $(PYTHON) is not here; install Python 3.11 or say make PYTHON=…" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt uv \
	    && $(BIN)/python -m uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e '.[dev]' \
	    || $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
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

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
