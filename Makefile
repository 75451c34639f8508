# Two commands: `make demo` and `make test`. Both start from a bare machine with Python 3.11 and the package
# registries; what is already there is not made again.
#
#   make demo      install, build, make the demo, serve it          PORT=8000
#   make test      everything that must hold before a change lands
#   make lint      style, types, import contracts, missing migrations
#   make messages  gather the texts into the catalogues and compile them
#   make lock      pin the dependencies anew    make bench    measure    make clean    remove what was built

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := demo
.PHONY: demo test install system build lint pytest messages lock bench clean

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
BIN := .venv/bin

demo: install
	@exec $(BIN)/nuanxin demo --port $(PORT)

test: install system build lint pytest

# --- installing -----------------------------------------------------------------------------------------------

install: .venv/.installed

# The lock names versions and hashes and no registry: the machine's own configuration says where to fetch.
# uv is quick; where only pip knows the mirror (pip.conf), pip does it.
.venv/.installed: requirements.lock pyproject.toml
	@echo "安装依赖 · installing"
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv || { \
	  [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv --clear .venv; }
	@$(BIN)/pip install -q --disable-pip-version-check uv
	@$(BIN)/uv pip install -q --require-hashes -r requirements.lock \
	  || $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/uv pip install -q --no-deps -e . || $(BIN)/pip install -q --no-deps -e .
	@touch $@

# Chromium and Chinese fonts, for the tests in a browser. Only what is missing, and only root may.
system:
	@missing=""; \
	command -v chromium >/dev/null || missing="chromium"; \
	[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || missing="$$missing fonts-noto-cjk"; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" != 0 ]; then echo "缺少 $$missing，请用 root 安装 · as root: apt-get install $$missing" >&2; exit 1; fi; \
	  echo "安装 · installing $$missing"; \
	  apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi

lock:
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --upgrade --group dev pyproject.toml -o requirements.lock
	@! grep -nE '://|--(extra-)?index' requirements.lock

# --- building and checking ------------------------------------------------------------------------------------

build: install
	@$(BIN)/nuanxin build

lint: export DJANGO_SETTINGS_MODULE = tests.settings
lint: install
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run

pytest: install
	$(BIN)/pytest -n $(WORKERS) $(ARGS)

messages: install
	@$(BIN)/nuanxin build --messages

bench: install build
	@for run in bench/*/run.py; do echo "== $$run"; $(BIN)/python -m $$(dirname $$run | tr / .).run; done

clean:
	rm -rf frontend/dist frontend/node_modules .mypy_cache .ruff_cache .import_linter_cache .hypothesis build
	find nuanxin -name '*.mo' -delete
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
