# All commands: run, test, test-all, lint, bench, bench-national, claims-score, audit-score, dev, docs, lock, clean. Each makes what it needs.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

export HTX_HOME ?= $(CURDIR)/data
export GX_ANALYTICS_ENABLED := false
export DAGSTER_DISABLE_TELEMETRY := 1
export DO_NOT_TRACK := 1
# The key of the sample's synthetic people. A real installation sets a secret.
SAMPLE_KEY := sample-people-only-not-a-secret

# uv does not read pip's settings; a company's certificate or mirror given to pip is passed on.
ifneq ($(or $(PIP_CERT),$(REQUESTS_CA_BUNDLE)),)
export SSL_CERT_FILE ?= $(or $(PIP_CERT),$(REQUESTS_CA_BUNDLE))
endif
ifneq ($(PIP_INDEX_URL),)
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif

.PHONY: help install run test test-all lint bench bench-national claims-score audit-score dev docs lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

install: $(STAMP)

# uv comes from pip into the project's own environment; everything else is locked by hash.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@echo "Installing into $(VENV) (once; about two minutes on a new machine) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(sed -n 's/^\(uv==[^ ;]*\).*/\1/p' requirements.lock)"
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true
	@touch $@

run: $(STAMP) ## a sample country (63 provinces, three months, a portal) through the whole pipeline
	@HTX_PSEUDONYM_KEY=$${HTX_PSEUDONYM_KEY:-$(SAMPLE_KEY)} $(BIN)/htx sample --out $(HTX_HOME)/sample --faults --run

test: $(STAMP) ## the suite that CI runs
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: $(STAMP) ## the suite with its slow tests in full: kills, fuzzing, every order
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(STAMP) ## ruff, mypy --strict, import-linter, yamllint, sqlfluff
	@$(BIN)/ruff check .
	@$(BIN)/ruff check --quiet --select C901 --ignore-noqa .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tests.lint.words
	@$(BIN)/yamllint --strict .
	@cd dbt_project && ../$(BIN)/sqlfluff lint --processes 2 models tests macros

bench: $(STAMP) ## ratios measured in one run against named baselines
	@$(BIN)/python -m tests.bench

bench-national: $(STAMP) ## a build of 34,000 cooperatives and 6 million members, compared with hand-written SQL (half an hour)
	@$(BIN)/python -m tests.bench.national

claims-score: $(STAMP) ## precision and recall of the grammar of claims on articles annotated by hand
	@$(BIN)/python -m tests.claims

audit-score: $(STAMP) ## faults of every family planted in 24 months: found, missed, wrongly grouped, false positives
	@$(BIN)/python -m tests.audit_score

dev: $(STAMP) ## the Dagster UI on the same project and HTX_HOME
	@DAGSTER_HOME=$$($(BIN)/python -m orchestration.instance) $(BIN)/dagster dev

docs: $(STAMP) ## dbt's docs of the last build (models, tests, lineage, metrics, exposures) as one file
	@cd dbt_project && DBT_TARGET_PATH=$(HTX_HOME)/build/docs DO_NOT_TRACK=1 ../$(BIN)/dbt --quiet docs generate --static
	@echo "Open $(HTX_HOME)/build/docs/static_index.html"

lock: $(STAMP) ## resolve requirements.lock again, for every supported Python, without addresses
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --upgrade --quiet -o requirements.lock

clean: ## remove what was built, keep data/
	@rm -rf $(VENV) build *.egg-info dbt_project/target dbt_project/logs .pytest_cache .mypy_cache .ruff_cache
