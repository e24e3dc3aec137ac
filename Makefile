# One command each. A newcomer needs two: `make run` and `make test`.
SHELL := /bin/bash
BIN := .venv/bin
JOBS ?= 2
N ?= 1
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help env run test lint types unit e2e bench nightly shots size tracker docs lock clean

help:  ## what can be made
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

env:  ## the environment in .venv, from requirements.lock (all others do this first)
	@scripts/environment

run: env  ## start Sentiero here, with a demo site: prints its address and keys (ARGS="--port 9000")
	@$(BIN)/sentiero serve --demo $(ARGS)

test: lint types unit e2e  ## everything that must hold: lint, types, tests, and a real browser

lint: env  ## ruff: mistakes, and one layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: env  ## mypy --strict
	$(BIN)/mypy --strict collector sessionizer

unit: env  ## the tests alone (ARGS="-k sessions")
	@scripts/clients
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

e2e: env  ## the end-to-end tests in a real Chromium (N=10: so many times in a row)
	@scripts/browser
	@for n in $$(seq $(N)); do $(BIN)/python -m pytest e2e -n $(JOBS) --dist worksteal $(ARGS) || exit 1; done

bench: env  ## the figures of the README, as a table and as JSON
	$(BIN)/python e2e/load/bench.py $(ARGS)

shots: env  ## pictures of every screen of the console, into shots/ (ARGS=catalogue: only those)
	@scripts/browser
	$(BIN)/python -m e2e.shots $(ARGS)

nightly: env  ## the tests with long property runs and 200 kill rounds (an hour)
	@scripts/clients
	SENTIERO_NIGHTLY=1 $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

tracker:  ## build tracker_js/dist/tracker.js anew (needs Node; the built file is committed)
	@cd tracker_js && npm ci --silent --no-audit --no-fund && npx tsc --noEmit && node build.mjs

size: tracker  ## what the tracker weighs, what each feature costs, and what its peers weigh
	@cd tracker_js && node size.mjs

docs: env  ## write docs/reference.md, docs/events.md, the tables of docs/hooks.md and docs/pictures anew from the code
	$(BIN)/python -m docs.generate

lock:  ## write requirements.lock anew (maintainers; ARGS=--upgrade raises every version)
	scripts/lock $(ARGS)

clean:  ## remove what was built; your data in sentiero-data stays
	rm -rf .venv .clients build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
