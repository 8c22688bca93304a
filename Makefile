# The commands of the project. `make demo` and `make test` set up what they need.
PORT ?= 8000
PY = .venv/bin/python

.PHONY: setup demo test deep bench lint lock messages clean

setup:        ## environment, libraries and database programs
	@bin/setup

demo: setup   ## the site with three invented societies on http://localhost:$(PORT)
	@PORT=$(PORT) $(PY) manage.py demo

test:         ## the gate: lint, migrations, tests (under 20 minutes)
	@bin/setup --dev
	@bin/test

deep:         ## the long tests, up to an hour; writes reports/trust.json
	@bin/setup --dev
	@$(PY) -m tests.deep

bench:        ## our speed beside the limit in the same run; writes reports/bench.json
	@bin/setup --dev
	@$(PY) -m bench

lint:
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

lock:         ## pin the dependencies anew, with hashes and without addresses
	@bin/setup --dev
	.venv/bin/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	.venv/bin/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c requirements.lock --group pyproject.toml:dev -o requirements-dev.lock

messages:     ## collect the texts marked for translation
	$(PY) manage.py makemessages -l cy --ignore=.venv --ignore=.local --add-location=file --no-wrap

clean:        ## forget the environment and the local database
	-$(PY) -m config.embedded_postgres stop
	rm -rf .venv .local staticfiles reports
