# Two commands matter: `make run` and `make test`. The README has the same steps as plain pip commands.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
ARGS ?=

.PHONY: run test check bench gallery wheel clean

run: $(VENV)/.run
	@$(BIN)/olympic up $(ARGS)

test: check
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/basedpyright

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.benchmarks $(ARGS)

gallery: $(VENV)/.dev
	@$(BIN)/python -m tests.benchmarks.gallery $(ARGS)

wheel: $(VENV)/.dev
	@$(BIN)/python -m build --wheel --outdir dist .

$(VENV)/.run: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV); the first time takes about a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) build dist
