# Every target sets up what it needs. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin

# Python keeps what it compiled: a run of the tests starts some hundred processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install browser node lock rehearse quick test check pytest load-smoke bench proof mutation golden matrix explored picture clean

help:  ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: .venv/.installed browser node  ## make .venv, install the hash-pinned lock, bring Chromium and Node

# Pages are checked in Chromium. It comes from Debian where it is missing and root asks for it.
browser:
	@for each in chromium chromium-browser google-chrome; do \
	  command -v $$each >/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null; \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium-headless-shell >/dev/null 2>&1 || true; \
	fi; \
	command -v chromium >/dev/null \
	  || echo "No Chromium, and it cannot be brought here: checks of pages in a browser are skipped."

# The third portal and the example driver in JavaScript run in Node: from Debian, as Chromium does.
# Tests need none: Playwright brings one of its own.
node:
	@command -v node >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends nodejs >/dev/null; \
	fi; \
	command -v node >/dev/null \
	  || echo "No Node, and it cannot be brought here: portals and drivers in JavaScript cannot start."

# To compile all that is installed takes as long as to install it. What is imported is compiled then.
.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

lock:  ## pin every dependency again (needs uv: pip install uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  pyproject.toml -o requirements.lock

rehearse: install  ## rehearse a phased rollout against the reference portal (two to three minutes)
	$(BIN)/portal-suite rehearse scenarios/phased-rollout.toml

check: install  ## style, types and import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

quick: install  ## while you work: style, types, import directions, the tests that your change can reach, features
	@echo "1 of 5: style"
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@echo "2 of 5: types"
	@$(BIN)/mypy --no-error-summary
	@echo "3 of 5: import directions"
	@$(BIN)/lint-imports --no-cache > .quick.log || { cat .quick.log; exit 1; }
	@echo "4 of 5: tests that what you changed can reach, but for slow ones"
	@$(BIN)/pytest -q -n 2 --dist loadfile -m "not slow and not proof" --hypothesis-profile brief \
	  $$($(BIN)/python -m tests.reached)
	@echo "5 of 5: features, phase 3, in process"
	@$(BIN)/portal-suite accept --target scenarios/targets/reference.toml --out out/quick > .quick.log \
	  || { cat .quick.log; exit 1; }
	@echo "5 of 5 passed. Before you push: make test"

# mypy keeps one core busy for a minute: the tests run beside it. Both end before make does.
test: install  ## every check: style, types, imports, unit tests, features, one small rehearsal
	$(MAKE) --no-print-directory -j 2 check pytest

# What one process compiled, the three workers read: they would each compile all tests themselves.
pytest: install
	@$(BIN)/pytest --collect-only -qq -m "not proof" > .quick.log || { cat .quick.log; exit 1; }
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not proof" --hypothesis-profile brief

# CI asserts the verdicts. Times are reported, and fail nothing: the machine may be busy.
load-smoke: install  ## two bursts of three seconds by two Locust workers each, judged (half a minute)
	$(BIN)/portal-suite load scenarios/bursts/smoke.toml --soak 0.05 --workers 2 --out out/load-smoke/closures
	$(BIN)/portal-suite load scenarios/bursts/outage-and-catch-up.toml --soak 0.05 --workers 2 --journeys updates --out out/load-smoke/catch-up

bench: install  ## measure against bare parts; prints `ratio NAME VALUE` lines
	$(BIN)/python -m loadtests.benchmarks

proof: install  ## what takes hours: kills on each database, power cuts, the kill matrix, 100 seeds, exploring, 20 rehearsals
	$(BIN)/python -m tests.proof

mutation: install  ## change 400 places of the reference, one at a time: do the features notice? (15 minutes)
	$(BIN)/python -m tests.mutation

golden: install  ## write the small rehearsals' counts anew, after a meant change
	$(BIN)/python -m tests.golden

matrix: install  ## write down anew what every broken portal fails, after a meant change
	-$(BIN)/portal-suite prove --whole --out out/proof
	cp out/proof/kill-matrix.csv fixtures/golden/kill-matrix.csv

explored: install  ## write down anew how soon exploring finds every broken portal (half an hour)
	-$(BIN)/portal-suite prove --exploring 60 --resume --out out/explored
	cp out/explored/explored.csv fixtures/golden/explored-portals.csv

picture: rehearse  ## draw the README's picture from a rehearsal
	$(BIN)/python docs/picture.py out/rehearsal/rehearsal.json docs/update-calls-by-week.png

clean:  ## remove what the suite made
	rm -rf .venv out mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis
