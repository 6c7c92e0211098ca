# Everything runs from a virtual environment in .venv that the first target makes; nothing else is touched.
SUITS := import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c '$(SUITS)' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
# Pins hold for what is installed and for what builds it (the second name is that of pip 25.3 and later). Compiling every
# module takes longer than all the rest, and Python does it anyway for those that are used.
PIP := PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check

.PHONY: setup demo test test-long check docs bench peers clean

demo: .venv/.run  ## a video from a prompt, with the bundled model
	$(BIN)/soramame generate "a red sports car races through the city at noon" --seed 5 --output demo.mp4
	@echo "The video is $(CURDIR)/demo.mp4"

setup: .venv/.dev  ## everything for working on Soramame

test: check  ## every check
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist worksteal

test-long: .venv/.dev  ## what takes long and is left out above: a Ray cluster, storms on Postgres and S3
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m long

check: .venv/.dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: .venv/.dev  ## the reference pages that are generated
	$(BIN)/python -m soramame.cli.reference docs

bench: .venv/.dev  ## speed and memory, as ratios
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/generate.py

peers: .venv-peers/bin/litellm .venv/.dev  ## the videos API behind a LiteLLM proxy, and a longer look for what it answers wrongly
	SORAMAME_LITELLM=$(CURDIR)/.venv-peers/bin/litellm SORAMAME_SCHEMATHESIS=360 $(BIN)/python -m pytest -s \
		tests/serve/test_litellm.py tests/serve/test_javascript.py tests/serve/test_document.py

.venv-peers/bin/litellm: tests/serve/litellm.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r tests/serve/litellm.txt
	@touch $@

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Soramame needs Python 3.11 to 3.13 with venv (on Debian: python3-venv);" \
		"name one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c '$(SUITS)' || { echo "$(PYTHON) is not Python 3.11 to 3.13 with venv."; exit 1; }
	$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/.run: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

.venv/.dev: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable '.[dev]'
	@touch .venv/.run $@

clean:
	rm -rf .venv .venv-peers .mypy_cache .pytest_cache .ruff_cache
