# The one door to every chore. Needs Python 3.11 or later with venv; everything else is installed here.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup lab teach test test-all check lessons translated release demo bench pictures lock clean

help: ## List these chores
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

setup: $(READY) ## Make .venv from the lock
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Locked Terminals needs Python 3.11 or later with venv. Found: $$($(PYTHON) --version 2>&1) (on Debian and Ubuntu: apt install python3-venv)."; \
		echo "Another Python can be named: make setup PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q .venv/lib src || true
	@touch $@

lab: $(READY) ## Open the course in JupyterLab
	@$(BIN)/python -m lockdesk.server.start lab

teach: $(READY) ## Open the course with the instructor's and author's tools
	@$(BIN)/python -m lockdesk.server.start teach

test: $(READY) ## Prove it: unit, course, notebook and browser tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow"

test-all: test ## All of it: the above, then the long suites
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m slow --ignore tests/test_speed.py
	$(BIN)/python -m pytest -m slow tests/test_speed.py

check: $(READY) ## Name every fault of content, style and types
	$(BIN)/lockdesk check
	$(BIN)/lockdesk check --coverage > /dev/null
	$(BIN)/python -m pytest -q tests/course/test_words.py
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

lessons: $(READY) ## Store each question in words in the lessons, for readers without a kernel
	$(BIN)/lockdesk lessons

translated: $(READY) ## Confirm that the Chinese of CELLS="id …" says what the English says now
	$(BIN)/lockdesk translated $(CELLS)

release: $(READY) ## Build release/ from source/, without the key
	$(BIN)/lockdesk release

demo: $(READY) ## Take a simulated class of twelve through nbgrader, in build/demo
	rm -rf build/demo
	$(BIN)/lockdesk demo --learners 12 --to build/demo

bench: $(READY) ## Measure speed, as ratios side by side in one run
	$(BIN)/python -m bench

pictures: $(READY) ## Take the README's pictures anew
	$(BIN)/python docs/pictures/take.py

lock: ## Make requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--all-extras --upgrade pyproject.toml --output-file requirements.lock

clean: ## Remove what can be built again; never answers, grades or submissions
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
