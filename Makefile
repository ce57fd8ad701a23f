# Everything is installed into .venv from requirements.lock, by whichever target is run first.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/pytest
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help setup demo check test test-full renderers server bench quality quality-symbolic models lock clean

help:           ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/installed  ## install into .venv

.venv/installed: installer.lock requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; say which with: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 2; }
	@$(PYTHON) -m venv .venv || { echo "cannot make a virtual environment: apt install python3-venv"; exit 2; }
	@$(PIP) --require-hashes -r installer.lock
	@echo "installing into .venv …"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock || \
		$(PIP) --require-hashes -r requirements.lock  # where only pip knows the way to the package index
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

demo: setup     ## build a corpus from the sample, in demo/
	$(BIN)/mathcode-pile build --config pipelines/sample/corpus.toml --output demo

check: setup    ## lint, types, unit tests (under 2 minutes)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(PYTEST) -q -n 2 -m "not pipeline and not full"

test: setup     ## all tests but the longest (under 30 minutes)
	$(PYTEST) -n 2 --dist loadfile -m "not full"

test-full: setup  ## every test
	$(PYTEST) -n 2 --dist loadfile

RENDERERS := tests/quality/render/node_modules
renderers: $(RENDERERS)  ## KaTeX, MathJax and Temml from npm, for the tests of formula recovery

$(RENDERERS): tests/quality/render/package-lock.json
	npm ci --silent --no-audit --no-fund --prefix $(@D)
	@touch $@

server: setup   ## vLLM and a small model in an environment of their own, for the tests of translate (6 GB)
	$(BIN)/python -m tests.vllm.environment

bench: setup    ## pages and snippets per CPU-second, beside plain peers
	$(BIN)/python -m pipelines.bench
	$(BIN)/python -m pipelines.bench_pages
	$(BIN)/python -m pipelines.bench_snippets

quality-symbolic: setup  ## what symbolic finds in real documents, verified in the sandbox, and why it does not find more
	$(BIN)/python -m tests.quality.symbolic

quality: setup  ## what extract keeps of real pages, beside its peers (under 6 minutes)
	$(BIN)/python -m tests.quality

DATA := ../shared/data/train
models: setup   ## train the two shipped models anew
	for stage in select classify; do \
		$(BIN)/mathcode-pile train-classifier --for $$stage --output models/weights/$$stage.ftz --questions-per-file 30 \
			--labels $(DATA)/pages.jsonl --negative $(DATA)/pages.warc.gz models/seeds/nonmath.jsonl \
			--positive $(DATA)/pages.warc.gz models/seeds/math.jsonl $(DATA)/gsm8k_train.jsonl.gz $(DATA)/math_train.jsonl.gz \
			|| exit; \
	done

RESOLVE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade
lock: setup     ## resolve requirements.lock anew, and that of the tests' vLLM
	$(RESOLVE) --group dev --extra s3 pyproject.toml -o requirements.lock
	$(RESOLVE) --project tests/vllm tests/vllm/pyproject.toml -o tests/vllm/requirements.lock

clean:          ## remove what the targets made
	rm -rf .venv demo build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis $(RENDERERS)
