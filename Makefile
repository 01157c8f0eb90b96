# MyoRx. The two commands to know: `make run` and `make test`.

EXAMPLE ?= examples/mda5-rp-ild.yaml

VENV    := .venv
BIN     := $(VENV)/bin
PY      := $(BIN)/python
PIP     := $(PY) -m pip --quiet --disable-pip-version-check --no-input
SETUP   := pyproject.toml build_hook.py
GUIDE   := src/myorx/guidelines/aim
COMPILED := $(GUIDE).compiled.json
# What the compiled guideline is made from: the knowledge, and the code that reads it.
SOURCES := $(shell find $(GUIDE) src/myorx/guideline src/myorx/language -type f \
             \( -name '*.yaml' -o -name '*.json' -o -name '*.py' -o -name '*.lark' \) 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run serve test lint check-all soak docs wheelhouse requirements clean

help: ## say what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' \
	  | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: $(COMPILED) ## the plan for a published case (EXAMPLE=path/to/case.yaml for another)
	@$(BIN)/myorx plan $(EXAMPLE)

serve: $(VENV)/serve.stamp $(COMPILED) ## the pages in a browser, on this machine: http://127.0.0.1:8000
	@$(BIN)/myorx serve

test: lint ## every check that needs only Python: style, types, import rules, tests
	@$(PY) -m pytest -n auto

lint: $(VENV)/test.stamp $(COMPILED)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --strict src
	@$(BIN)/lint-imports --no-logo

check-all: $(VENV)/check.stamp $(COMPILED) ## the slower checks: the built wheel, a fresh clone, every proof, every mutant, other people's engines, a cohort, the pages in a browser
	@$(PY) tools/check_wheel.py
	@$(PY) tools/check_fresh_clone.py
	@$(PY) tools/check_wheelhouse.py
	@$(PY) tools/check_phenopackets.py
	@$(BIN)/myorx prove
	@$(PY) tools/mutate.py
	@conformance/run
	@$(PY) tools/cohort_property.py --cases 100000
	@$(PY) tools/check_spark.py
	@$(PY) tools/fuzz_service.py
	@$(PY) tools/check_pages.py

soak: $(VENV)/test.stamp $(COMPILED) ## the fuzzers, then the property tests with a hundred times the examples (hours)
	@$(PIP) install --require-hashes -r requirements/soak.txt
	@$(PY) tools/fuzz.py parser --runs 1000000
	@$(PY) tools/fuzz.py values --runs 1000000
	@$(PY) tools/fuzz.py reader --runs 1000000
	@HYPOTHESIS_PROFILE=soak $(PY) -m pytest -n auto -m hypothesis
	@$(PY) tools/cohort_property.py --cases 1000000
	@$(PY) benchmarks/service_bench.py --requests 200 --soak 100000

docs: $(VENV)/test.stamp $(COMPILED) ## write again the parts of README and docs/ that come from the program
	@$(PY) tools/cli_doc.py
	@$(PY) tools/readme_output.py
	@$(PY) tools/instruments_doc.py
	@$(PY) tools/bounds.py

wheelhouse: $(VENV)/test.stamp ## a folder of wheels, build/wheelhouse, to install the service from without a network
	@rm -rf build/wheelhouse
	@$(PY) tools/wheelhouse.py build/wheelhouse

# One version for every Python, so that a plan does not depend on the Python that made it; hashes,
# and no address of any index.
UV := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
        --generate-hashes --no-emit-index-url --no-annotate --no-header $(if $(UPGRADE),--upgrade)

# The extras that `make test` tests; the heavy rest is for `make check-all`.
EXTRAS := author calendar cohort proof serve web

requirements: $(VENV)/test.stamp ## pin the requirements again (UPGRADE=1: to the newest versions)
	@$(UV) pyproject.toml -o requirements/core.txt
	@$(UV) pyproject.toml --extra author requirements/build.in \
	  -c requirements/core.txt -o requirements/run.txt
	@$(UV) pyproject.toml $(addprefix --extra ,$(EXTRAS)) requirements/build.in requirements/dev.in \
	  -c requirements/run.txt -o requirements/dev.txt
	@$(UV) pyproject.toml --extra serve -c requirements/dev.txt -o requirements/serve.txt
	@$(UV) pyproject.toml --all-extras requirements/build.in requirements/dev.in requirements/check.in \
	  -c requirements/dev.txt -o requirements/check.txt

clean: ## remove what was made (the environment too)
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@rm -rf conformance/node/node_modules tests/browser/node_modules
	@rm -rf conformance/java/target conformance/fhir/target conformance/server/target conformance/hooks/target
	@rm -f src/myorx/guidelines/*.compiled.json

# -- the environment -----------------------------------------------------------------------------

$(PY):
	@python=$$(sh tools/find_python.sh) || exit 1; \
	$$python -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
	  echo "MyoRx needs the venv module of $$python (on Debian: apt-get install python3-venv)." >&2; exit 1; }

$(VENV)/run.stamp: requirements/run.txt $(SETUP) | $(PY)
	@echo 'setting up (once, about a minute)' >&2
	@$(PIP) install --require-hashes -r $<
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/serve.stamp: requirements/serve.txt $(VENV)/run.stamp
	@$(PIP) install --require-hashes -r $<
	@touch $@

# The larger set holds the smaller one at the same versions, so it serves both.
$(VENV)/test.stamp: requirements/dev.txt $(SETUP) | $(PY)
	@echo 'setting up for the tests (once, about a minute)' >&2
	@$(PIP) install --require-hashes -r $<
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@ $(VENV)/run.stamp $(VENV)/serve.stamp

# What only the slower checks use: Spark, and somebody else's fuzzer.
$(VENV)/check.stamp: requirements/check.txt $(VENV)/test.stamp
	@$(PIP) install --require-hashes -r $<
	@touch $@

# Compiled, the guideline starts fast; left alone when nothing that it is made from is newer.
$(COMPILED): $(SOURCES) | $(VENV)/run.stamp
	@$(PY) -m myorx.guideline.compiled >/dev/null
