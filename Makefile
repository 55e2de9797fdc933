# What people type: make run · make test · make check · make bench · make chaos. Everything installs itself.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

PY := .venv/bin/python
STAMPS := .venv/stamps
# Every recipe works with the product's own programs, never with what an outer environment happens to hold.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP := $(PY) -m pip install --quiet --no-input

.PHONY: help setup run pbx test check audit bench chaos docs lock clean format

help:
	@echo "make run    启动演示(第一次会先安装)          make test   全部测试"
	@echo "make check  代码与清单检查                    make bench  性能测量"
	@echo "make chaos  反复杀进程的测试                  make setup  只安装"
	@echo "make pbx    取电话交换机 Asterisk(make run VOICE=1 用它)"

setup: $(STAMPS)/run $(STAMPS)/npm

run: setup $(if $(VOICE),pbx)
	@exec .venv/bin/liandong up --demo $(if $(PORT),--port $(PORT)) $(if $(VOICE),--pbx) $(if $(NODES),--nodes $(NODES))

pbx:
	@tools/asterisk.sh

test: setup $(STAMPS)/dev $(STAMPS)/npm-dev
	@. tools/need.sh
	need_for_tests
	$(if $(PYTEST),exec $(PY) -m pytest $(PYTEST))  # those that were asked for, and no tier without any
	$(PY) -m pytest -n auto -m "not slow and not browser and not chaos and not voice"
	tools/servers.sh
	$(PY) -m pytest -n auto -m "slow and not browser and not chaos and not voice"
	$(PY) -m pytest -m "browser and not chaos"
	tools/asterisk.sh
	$(PY) -m pytest -m "voice"

check: setup $(STAMPS)/dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	LIANDONG_MODE=demo .venv/bin/liandong django makemigrations --check --dry-run
	for pack in src/liandong/packs/*/pack.toml; do .venv/bin/liandong packs check "$$(dirname "$$pack")"; done
	$(PY) tools/forbidden.py

audit: setup $(STAMPS)/dev
	$(PY) -m tools.audit

bench: setup $(STAMPS)/dev
	$(PY) -m bench

chaos: setup $(STAMPS)/dev
	@. tools/need.sh
	need_for_tests
	$(PY) -m pytest tests/chaos -m chaos $(PYTEST)

docs: setup
	$(PY) -m tools.reference

format: $(STAMPS)/dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lock: $(STAMPS)/dev
	requirements/lock.sh

clean:
	rm -rf .venv node_modules .static .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(STAMPS)/venv:
	@. tools/need.sh
	need_python
	.venv/bin/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv && "$$PYTHON" -m venv .venv; }
	mkdir -p $(STAMPS)
	touch $@

$(STAMPS)/run: $(STAMPS)/venv requirements/run.txt pyproject.toml
	@echo "安装 Python 程序库 …"
	$(PIP) --require-hashes -r requirements/run.txt
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

$(STAMPS)/dev: $(STAMPS)/run requirements/dev.txt
	@echo "安装测试和检查工具 …"
	$(PIP) --require-hashes -r requirements/dev.txt
	touch $@

$(STAMPS)/npm: $(STAMPS)/run package-lock.json package.json requirements/node.txt tools/bundle.sh
	@. tools/need.sh
	find_npm
	echo "安装网页程序库 …"
	"$${NPM[@]}" ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
	tools/bundle.sh
	touch $@

$(STAMPS)/npm-dev: $(STAMPS)/npm
	@. tools/need.sh
	find_npm
	"$${NPM[@]}" ci --ignore-scripts --no-audit --no-fund --loglevel=error
	tools/bundle.sh
	touch $@
