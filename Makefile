# 睦邻 Mulin. `make run` 运行，`make test` 测试；两者都会自己准备好所需的一切。
# `make run` runs it, `make test` tests it; both prepare all that they need.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test test-all lint types lock bench docs config clean

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
RUNS := $(VENV)/.runs
TESTS := $(VENV)/.tests
WORKERS ?= auto
ARGS ?=

help: ## 这一页 this page
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1	\2/' | expand -t 16

run: $(RUNS) ## 运行；没有 config.toml 时是示例小区 run it; the example neighbourhood without config.toml
	@exec $(BIN)/python -m bot run $(ARGS)

test: $(TESTS) ## 测试 run the tests
	@$(BIN)/pytest -rfE --numprocesses $(WORKERS) --maxprocesses 8 $(ARGS)

test-all: ## 每个测试都在两种数据库上跑 every test on both databases
	@MULIN_TEST_EVERYTHING=1 $(MAKE) --no-print-directory test

lint: $(TESTS) ## 代码风格 code style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(TESTS) ## 类型 types
	@$(BIN)/mypy

bench: $(TESTS) ## 性能 benchmarks, JSON into bench/out
	@mkdir -p bench/out
	@$(BIN)/python -m bench $(ARGS)

docs: $(RUNS) ## 生成的文档 generated pages
	@$(BIN)/python -m bot.reference

config: $(RUNS) ## 重新生成 config.example.toml
	@$(BIN)/python -m bot config-example > config.example.toml.new
	@mv config.example.toml.new config.example.toml

lock: ## 锁定依赖版本 lock the versions
	@.ci/lock

clean: ## 删除可再生成的一切（不动 data/ 与 config.toml）remove all that can be made again
	@rm -rf $(VENV) bench/out .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNS): requirements.lock $(BIN)/python
	@echo "正在安装 installing …"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@touch $@

$(TESTS): requirements-dev.lock $(BIN)/python
	@echo "正在安装 installing …"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@ $(RUNS)

$(BIN)/python:
	@.ci/venv $(VENV)
