# The commands of this project. `make check` is what CI runs.
PY := .venv/bin/python
PIN := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
.DEFAULT_GOAL := help
# The tests start many processes: each would compile our sources anew where this is set.
export PYTHONDONTWRITEBYTECODE :=

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: ## install into .venv and run the main job on the bundled dossier
	@scripts/setup.sh user
	@.venv/bin/detente demo --out demo-output

test: ## install everything that the tests need, then run them
	@scripts/setup.sh dev
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: ## format, lint, types, import rules, docs, tests: what CI runs
	@scripts/setup.sh dev
	@$(MAKE) --no-print-directory style rules site
	@$(MAKE) --no-print-directory --jobs 2 types test

style:
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .

types:
	$(PY) -m mypy

rules:
	.venv/bin/lint-imports

site:
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict

format: ## put the code in the project's format
	@scripts/setup.sh dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

docs: ## regenerate the generated pages and build the site into site/
	@scripts/setup.sh dev
	$(PY) -m scripts.generate_docs
	@$(MAKE) --no-print-directory site

picture: ## make the README's pictures again
	@scripts/setup.sh dev
	$(PY) -m scripts.pictures

vendor: ## build the scripts and fonts that the page serves; needs npm
	cd scripts/vendor && npm ci && npm run build

lock: ## pin the dependencies anew
	@scripts/setup.sh dev
	$(PIN) -o requirements/installer.lock requirements/installer.in
	$(PIN) -o requirements/user.lock pyproject.toml requirements/build.in
	$(PIN) --extra dev --extra docs --extra desk -o requirements/dev.lock pyproject.toml requirements/build.in

clean: ## remove what the commands above made
	rm -rf .venv demo-output site dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help demo test check style types rules site format docs picture vendor lock clean
