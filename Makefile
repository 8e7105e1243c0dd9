# Two commands do everything: make demo and make test.
# Both build .venv by themselves, with uv where it can be had and with plain pip where not.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
AUDITS := .venv/audit
# The machine's own pip fills .venv, which needs none: Debian parts ensurepip from Python.
PIP := $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt

# Bytecode is kept, whatever the shell says: else each of many processes compiles what it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test lint lint-types lint-sql lint-cases lint-text lint-arrows lint-deploy soak audit secrets sbom bench example example-of-week dist clean

setup: .venv/.ready

.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Makefile: Python 3.11 is not here; install it or say make PYTHON=…" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv --without-pip .venv
	$(PIP) uv && $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e '.[dev]' \
	    || $(PIP) -e '.[dev]'
	touch $@

demo: setup
	$(BIN)/leadline demo

# Two at once: mypy takes one core for as long as the SQL takes the other.
LINTS := lint-types lint-sql lint-cases lint-text lint-arrows lint-deploy

lint: setup
	$(MAKE) --no-print-directory --jobs 2 --output-sync=target $(LINTS)

lint-types:
	$(BIN)/mypy

lint-sql:
	$(BIN)/sqlfluff lint sql

lint-cases:
	$(BIN)/sqlfluff lint --exclude-rules ST06,LT09,AL05 tests/sql

lint-text:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

lint-arrows:
	$(BIN)/lint-imports

lint-deploy:
	$(BIN)/hadolint Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml

# Three at once on two cores: some of them wait for processes and sockets.
test: lint
	$(BIN)/python -m pytest -n 3 -m "not soak"

soak: setup
	$(BIN)/python -m pytest -m soak -x

# What others know of our dependencies. It asks a service of vulnerabilities, so it needs a network;
# where one of them can't be looked up, it ends with an error, too.
audit: $(AUDITS)/.ready
	$(AUDITS)/bin/pip-audit --strict --no-deps --disable-pip -r constraints.txt

# What looks like a secret and is not in the baseline, which tests hold against the files.
secrets: setup
	cp .secrets.baseline .venv/secrets.baseline
	$(BIN)/detect-secrets-hook --no-verify --baseline .venv/secrets.baseline $$(git ls-files) \
	    || test $$? = 3  # it has written where each of them stands, into the copy

# What an installation is made of, as CycloneDX has it.
sbom: setup $(AUDITS)/.ready
	mkdir -p dist
	$(AUDITS)/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml \
	    --mc-type application --of JSON -o dist/leadline.cdx.json $(BIN)/python

$(AUDITS)/.ready: .venv/.ready
	test -x $(AUDITS)/bin/python || $(PYTHON) -m venv --without-pip $(AUDITS)
	$(PYTHON) -m pip --python $(AUDITS)/bin/python install --quiet --disable-pip-version-check \
	    -c constraints.txt cyclonedx-bom pip-audit
	touch $@

bench: setup
	$(BIN)/python -m benchmarks

# A file that travels: the sample week up to its eventful half hour. Of what is dense it holds that
# half hour alone, and of options one underlying; ops.held says so.
EXAMPLE := warehouse.duckdb.example
WEEK := .example

example: setup
	rm -rf $(WEEK)
	$(BIN)/python -m leadline demo --no-serve --into $(WEEK)
	$(MAKE) example-of-week
	rm -rf $(WEEK)

example-of-week:
	$(BIN)/python -m leadline --store $(WEEK) warehouse build --example -o $(EXAMPLE) \
	    --since 2024-01-22 --until 2024-02-16T15:30Z --dense-since 2024-02-16T15:00Z \
	    --only "sessions=calendar = 'XNYS' and session_date >= date '2022-01-01'" \
	    --only "equity_bars=bar = '1d' or known_at >= timestamptz '2024-02-16 14:30Z'" \
	    --only "book_updates=known_at < timestamptz '2024-02-16 15:01Z'" \
	    --only "option_chains=underlying = 'KILO'" \
	    --only "option_trades=root = 'KILO' and known_at >= timestamptz '2024-02-15 00:00Z'" \
	    --only "open_interest=contract like 'KILO%'" \
	    --only "events=(detector not like 'crypto.%' or starts_at >= timestamptz '2024-02-16 15:00Z') \
	    and (detector not like 'options.%' or entity = 'KILO')"

# The same files make the same wheel and sdist, whenever and wherever.
dist: setup
	$(BIN)/python -m hatchling build

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
