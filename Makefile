# Everything runs from a virtual environment in .venv that the first target makes; nothing else is touched.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: setup demo test check bench clean

demo: .venv/.run  ## a video from a prompt, with the bundled model
	$(BIN)/soramame generate "five grey wolf pups play in the snow" --seed 7 --output demo.mp4

setup: .venv/.dev  ## everything for working on Soramame

test: .venv/.dev check  ## every check
	OMP_NUM_THREADS=2 $(BIN)/python -m pytest

check: .venv/.dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.dev  ## speed and memory, as ratios
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/generate.py

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| { echo "Soramame needs Python 3.11 to 3.13; name one with: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

.venv/.dev: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable '.[dev]'
	@touch .venv/.run $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache
