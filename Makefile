# Everything a machine needs is installed here: `make demo`, `make test`, `make check`, `make bench`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
JOBS ?= 2
# Workers share the cores: numpy's own threads would only fight over them.
export OPENBLAS_NUM_THREADS = 1
export OMP_NUM_THREADS = 1


.PHONY: demo test test-fast pictures check format bench browser golden-counting peers-sortition lock translations clean bench-sortition bench-counting bench-opinions bench-live bench-pages bench-closing bench-flood bench-linkage

demo: $(VENV)/.runtime translations ## a demo borough on one port
	$(BIN)/panel-app demo --port $(PORT)

test: $(VENV)/.dev translations ## everything, and which lines it reached
	$(BIN)/python -m pytest -n $(JOBS) --cov --cov-report=term tests

test-fast: $(VENV)/.dev translations ## what a change at hand touches, in under a minute
	HYPOTHESIS_PROFILE=fast TEST_ROWS=reversed $(BIN)/python -m pytest -n $(JOBS) -m "not browser and not slow" $$($(BIN)/python -m tests.touched $(BASE))

browser: $(VENV)/.dev translations
	$(BIN)/python -m pytest -m browser tests

pictures: $(VENV)/.dev translations ## the README's pictures
	README_PICTURES=docs/pictures $(BIN)/python -m pytest tests/browser/test_pictures.py

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: bench-sortition bench-counting bench-opinions bench-closing bench-live bench-pages
bench-sortition bench-counting bench-opinions bench-closing bench-live bench-pages bench-flood bench-linkage: $(VENV)/.dev
	$(BIN)/python -m benchmarks.$(subst bench-,,$@)

translations: $(VENV)/.runtime
	@$(BIN)/python -m panel_app.core.catalogues

# A stamp per lock file: an unchanged lock installs nothing the second time.
$(VENV)/.created:
	$(PYTHON) -c 'import sys; sys.exit("Panel App needs Python 3.11 or newer; try make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements.lock pyproject.toml $(VENV)/.created
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

golden-counting: $(VENV)/.dev ## count the real elections with the peers again (needs their own environment)
	$(BIN)/python -m benchmarks.counting_oracles

peers-sortition: ## the peer's library, in an environment of its own, for bench-sortition
	bash benchmarks/peers_sortition.sh

lock: ## pin and hash again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra notify --constraint requirements-dev.lock pyproject.toml -o requirements-notify.lock

clean:
	rm -rf $(VENV) instance build *.egg-info
