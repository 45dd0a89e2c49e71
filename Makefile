# Needs make and Python 3.11 or later; everything else comes from requirements.lock.

PYTHON ?= python3
BIN := .venv/bin
# With several processes sqlfluff leaves a warning about semaphores behind, which concerns nobody.
SQLFLUFF := PYTHONWARNINGS=ignore:resource_tracker:UserWarning $(BIN)/sqlfluff

export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.DEFAULT_GOAL := help
.PHONY: help setup warehouse test lint format clean docs dashboards test-dashboards

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1	/p' Makefile | while IFS='	' read -r name text; do \
		printf '  make %-16s %s\n' "$$name" "$$text"; \
	done

# The stamps are written last: a .venv that was interrupted, moved, or made from another lock has no
# matching stamp and is made again.
setup: ## Make or renew the virtual environment in .venv (does nothing when it is up to date)
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'setup: Python 3.11 or later is needed as "$(PYTHON)". Install it, or name another with' >&2; \
		echo '       make PYTHON=/path/to/python3.11' >&2; exit 1; }
	@packages="$$(pwd) $$("$(PYTHON)" --version) $$(cksum < requirements.lock)"; \
	if [ "$$(cat .venv/packages.stamp 2>/dev/null)" = "$$packages" ] && $(BIN)/python -c '' 2>/dev/null; then \
		exit 0; \
	fi; \
	if ! "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo 'setup: this Python cannot make virtual environments yet: installing python3-venv'; \
			apt-get update -qq && \
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv || exit 1; \
		fi; \
		"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
			echo 'setup: this Python cannot make virtual environments. On Debian or Ubuntu run' >&2; \
			echo '       sudo apt-get install python3-venv' >&2; \
			echo '       and then make again.' >&2; exit 1; }; \
	fi; \
	echo 'setup: installing the packages of requirements.lock into .venv (a minute or two)'; \
	rm -rf .venv && "$(PYTHON)" -m venv .venv && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	printf '%s\n' "$$packages" > .venv/packages.stamp
	@project="$$(cksum < pyproject.toml)"; \
	if [ "$$(cat .venv/project.stamp 2>/dev/null)" = "$$project" ] && [ -x $(BIN)/swp ]; then exit 0; fi; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation \
		--editable . && \
	printf '%s\n' "$$project" > .venv/project.stamp

warehouse: setup ## Make sample deliveries, land them, build, publish and sum up
	$(BIN)/swp sample
	$(BIN)/swp land
	$(BIN)/swp build
	$(BIN)/swp publish
	$(BIN)/swp summary

docs: setup ## Write the dbt docs of the built warehouse as one page, target/static_index.html
	$(BIN)/dbt --quiet --no-partial-parse docs generate --static
	@echo 'docs: target/static_index.html (the data dictionary is in each publication)'

test: lint ## Lint, then run the Python tests
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# dbt parses everything: a partial parse can lose the description and meta of singular tests.
lint: setup ## Check the Python, the SQL, and the conventions of the dbt project
	$(BIN)/ruff check scripts tests models dashboards
	$(BIN)/ruff format --check scripts tests models dashboards
	$(SQLFLUFF) lint --processes 0 models macros tests
	$(BIN)/dbt --quiet --no-partial-parse parse
	$(BIN)/dbt-bouncer run --config-file dbt-bouncer.yml

# Superset has a virtual environment of its own: its SQLAlchemy is older than the warehouse's.
.venv-dashboards/packages.stamp: dashboards/requirements.lock
	@echo 'dashboards: installing Superset into .venv-dashboards (some minutes)'
	@rm -rf .venv-dashboards && "$(PYTHON)" -m venv .venv-dashboards
	@.venv-dashboards/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r dashboards/requirements.lock
	@touch $@

PORT ?= 8088
dashboards: .venv-dashboards/packages.stamp ## Start Superset with the dashboards on http://127.0.0.1:8088 (PORT=...)
	@.venv-dashboards/bin/python dashboards/serve.py --port $(PORT)

test-dashboards: docs .venv-dashboards/packages.stamp ## Test the dashboards in a browser (chromium, chromium-driver)
	@command -v chromedriver >/dev/null || { \
		echo 'test-dashboards: Chromium and its driver are needed (Debian: apt-get install chromium chromium-driver)' >&2; \
		exit 1; }
	.venv-dashboards/bin/python -m pytest dashboards

format: setup ## Format the Python and the SQL
	$(BIN)/ruff check --fix-only scripts tests models dashboards
	$(BIN)/ruff format scripts tests models dashboards
	$(SQLFLUFF) fix --processes 0 models macros tests

clean: ## Remove what make and dbt made (never the data)
	rm -rf .venv target logs dbt_packages .pytest_cache .ruff_cache .hypothesis
	find scripts tests -type d -name __pycache__ -prune -exec rm -rf {} +
