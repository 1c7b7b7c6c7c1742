# Needs make and Python 3.11 or newer with pip and venv. Everything else is installed into .venv.

PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && exit; \
	done; echo python3)
IN := .venv/bin/
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test check lint prove bench docs lock

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

demo: $(INSTALLED) ## a clinic to try, with the desk on top; NO_TUI=1 serves it without the desk
	@$(IN)deskcal demo $(if $(NO_TUI),--no-tui) $(ARGS)

test: $(INSTALLED) ## the tests, two at a time; ARGS='tests/core -x' goes to pytest
	@$(IN)python -m pytest -n 2 --dist worksteal $(ARGS)

check: lint test ## all that has to hold before a change goes in

lint: $(INSTALLED) ## format, lint, types, contracts
	$(IN)python -m ruff format --check .
	$(IN)python -m ruff check .
	$(IN)python -m mypy
	$(IN)lint-imports

prove: $(INSTALLED) ## the long proofs: races, crashes, floods
	@$(IN)python -m pytest -m prove $(ARGS)

bench: $(INSTALLED) ## the benchmarks
	@$(IN)python -m benchmarks $(ARGS)

docs: $(INSTALLED) ## write the generated tables and pictures of README.md and docs/ anew
	@$(IN)python tests/architecture/pages.py
	@PYTHONPATH=tests $(IN)python tests/tui/pictures.py

lock: $(INSTALLED) ## move requirements-dev.lock to the newest versions that pyproject.toml allows
	@$(IN)python -m pip install --dry-run --ignore-installed --quiet --report .venv/report.json -e '.[dev]'
	@$(IN)python -c "import json; print(*sorted('{name}=={version}'.format(**one['metadata']) \
		for one in json.load(open('.venv/report.json'))['install'] if not one['is_direct']), sep='\n')" \
		>requirements-dev.lock

# Constraints, not requirements: a platform or a newer Python may need other packages than this one did.
$(INSTALLED): pyproject.toml requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'deskcal needs Python 3.11 or newer. Install one, or name it: make PYTHON=/path/to/python3.11' >&2; \
		exit 1; }
	@rm -f $@
	@echo 'Installing deskcal and a PostgreSQL into .venv: about a minute, this once.'
	@$(PYTHON) -m venv .venv
	@{ $(IN)python -m pip install --no-input --disable-pip-version-check -c requirements-dev.lock -e '.[dev]' \
		&& touch $@; } | grep --line-buffered -oE '^(Collecting|Installing) [A-Za-z0-9_.-]+'; test -e $@
