# Two commands do everything on a fresh machine with Python ≥ 3.11: `make demo` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
export BASE_URL ?= http://127.0.0.1:$(PORT)
PY ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/.venv/bin:$(PATH)
PIP := $(BIN)/pip install --disable-pip-version-check --quiet --require-hashes
FRONTEND := $(shell find frontend/src frontend/public -type f 2>/dev/null) frontend/package.json frontend/vite.config.ts frontend/tsconfig.json
BUILT := cms/static_build/.vite/manifest.json
SAID := cms/locale/zh_Hans/LC_MESSAGES/django.mo
WORDS := $(wildcard cms/locale*/zh_Hans/LC_MESSAGES/*.po)
LANES := tests/services tests/web tests/lines tests/test_architecture.py tests/test_permissions.py

.PHONY: help demo test check rules properties services postgres frontend-test e2e schema lock

help: ## what can be made
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: .venv/.base $(BUILT) $(SAID) ## set up, load the founding story, serve on http://127.0.0.1:8000 (PORT=, RESET=1)
	@python -c 'import socket, sys; s = socket.socket(); sys.exit(s.connect_ex(("127.0.0.1", $(PORT))) == 0)' \
	  || { echo "Port $(PORT) is taken; choose another: make demo PORT=8001"; exit 1; }
	@$(if $(RESET),rm -rf var/db.sqlite3* var/media,:)
	@echo "→ 4/5 database and demo data"
	@python manage.py demo
	@echo "→ 5/5 server and worker: http://127.0.0.1:$(PORT)/  (Ctrl-C stops both)"
	@honcho start -p $(PORT)

test: .venv/.dev $(BUILT) $(SAID) ## every lane of tests
	@$(MAKE) --no-print-directory rules properties frontend-test services postgres e2e
	@echo "All lanes ran; what was skipped is named above."

check: .venv/.dev frontend/node_modules/.done ## ruff, mypy, djlint, layers, migrations, messages, schema
	ruff check . && ruff format --check .
	mypy
	djlint --lint --quiet cms courses quizzes cohorts
	lint-imports
	python manage.py makemigrations --check --dry-run
	python manage.py messages --check
	python manage.py check
	@$(MAKE) --no-print-directory schema
	git diff --exit-code -- frontend/openapi.json frontend/src/api/schema.d.ts
	cd frontend && npm run --silent check

rules: .venv/.dev ## pure rules, Django switched off
	pytest -q -c tests/rules/pytest.ini -p no:django tests/rules

properties: .venv/.dev ## laws of the rules under random input
	pytest -q -c tests/rules/pytest.ini -p no:django tests/properties

services: .venv/.dev $(BUILT) $(SAID) ## services, pages and the two lines on SQLite
	pytest -q $(LANES)

postgres: .venv/.dev $(BUILT) $(SAID) ## the same on PostgreSQL
	python -m tests.postgres -q $(LANES)

frontend-test: frontend/node_modules/.done ## units of the front end
	cd frontend && npm test --silent

e2e: .venv/.dev $(BUILT) $(SAID) ## walk the site in Chromium
	pytest -q tests/e2e

schema: .venv/.dev frontend/node_modules/.done ## OpenAPI and the TypeScript types made from it
	python manage.py spectacular --format openapi-json --file frontend/openapi.json
	cd frontend && npm run --silent schema

lock: ## pin the dependencies anew, with hashes and without addresses (needs uv)
	for name in dev base node; do uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command "make lock" $$([ $$name = base ] && echo "-c requirements/dev.txt") \
	  requirements/$$name.in -o requirements/$$name.txt; done

# --- set-up ---------------------------------------------------------------------------------------
.venv/bin/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PY=…)."; exit 1; }
	@$(PY) -m venv .venv

.venv/.base: requirements/base.txt | .venv/bin/python
	@echo "→ 1/5 environment: hashed Python packages (about a minute the first time)"
	@$(PIP) -r requirements/base.txt && touch $@

.venv/.dev: requirements/dev.txt | .venv/.base
	@echo "→ packages of the tests"
	@$(PIP) -r requirements/dev.txt && touch $@

# Node comes as a Python wheel where the machine has none, or one too old for the build.
.venv/.node: requirements/node.txt | .venv/bin/python
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a === 20 && +b >= 19) ? 0 : 1)' 2>/dev/null \
	  || $(PIP) -r requirements/node.txt
	@touch $@

frontend/node_modules/.done: frontend/package-lock.json | .venv/.node
	@echo "→ 2/5 packages of the front end"
	@cd frontend && npm ci --no-audit --no-fund --silent && touch node_modules/.done

$(BUILT): $(FRONTEND) frontend/node_modules/.done
	@echo "→ 3/5 front end"
	@cd frontend && npm run --silent build && touch ../$(BUILT)

$(SAID): $(WORDS) | .venv/.base
	@python manage.py messages
