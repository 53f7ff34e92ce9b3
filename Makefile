# One way to do each common thing. Every target does its own set-up.
.PHONY: setup try test check format docs lock dist bench fuzz e2e e2e-neovim e2e-vscode e2e-helix e2e-emacs e2e-kate screens help
.DEFAULT_GOAL := help

PY := .venv/bin/python
# The markers of the tests that need a real editor.
EDITORS := neovim or helix or emacs or kate
NPM := npm --silent --prefix vscode-extension

help: ## Show the targets
	@grep -E '^[a-z0-9-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## Install everything for working on the project
	@tools/setup proxy
	@tools/setup check
	@tools/setup-extension

try: ## Run the main job on a sample project (MODEL=ollama/qwen2.5-coder for a real model)
	@tools/setup server
	@.venv/bin/streetrace-lsp demo $(if $(MODEL),--model $(MODEL))

test: ## Run the tests, with no network but this machine (real LiteLLM Proxy included)
	@tools/setup proxy
	@tools/setup-extension
	@tools/offline --if-possible $(NPM) test
	@tools/offline --if-possible $(PY) -m pytest -n auto --dist loadfile \
		-m "not ($(EDITORS)) and not llama and not bench" $(ARGS)

check: ## Packages, format, lint, types, import rules, generated docs
	@tools/setup check
	@$(PY) -I -S tools/check-supply
	@.venv/bin/ruff format --check server tests tools vscode-extension/e2e
	@.venv/bin/ruff check server tests tools vscode-extension/e2e
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache
	@$(PY) tools/generate-docs --check
	@tools/setup-extension
	@$(NPM) run types
	@$(NPM) run lint
	@tools/check-lua

format: ## Format and mend what can be mended
	@tools/setup check
	@.venv/bin/ruff format server tests tools vscode-extension/e2e
	@.venv/bin/ruff check --fix server tests tools vscode-extension/e2e
	@tools/setup-extension
	@$(NPM) run format
	@tools/check-lua --format

docs: ## Write the generated pages anew
	@tools/setup check
	@$(PY) tools/generate-docs

lock: ## Lock the dependencies anew
	@tools/setup check
	@tools/lock

dist: ## Build the wheel, the source archive and what VS Code, Neovim and Emacs load into dist/
	@tools/setup check
	@tools/setup-extension
	@tools/dist

bench: ## Measure, as ratios to a reference in the same run
	@tools/setup proxy
	@$(PY) -m pytest -m bench -s tests/bench $(ARGS)

fuzz: ## Run the property tests deeply (EXAMPLES=n for more)
	@tools/setup proxy
	@STREETRACE_FUZZ_EXAMPLES=$(or $(EXAMPLES),5000) $(PY) -m pytest tests/unit/edits tests/unit/review -m "not bench" $(ARGS)

# What an editor's tests took, with everything that they fetched and installed.
timed = @began=$$(date +%s); $(2); said=$$?; echo "$(1): $$(( $$(date +%s) - began )) s"; exit $$said

e2e: e2e-neovim e2e-vscode e2e-helix e2e-emacs e2e-kate ## Run everything against real editors

e2e-helix: ## Run against real Helix 25.07 and llama-server
	$(call timed,$@,tools/setup proxy && tools/provision-editors >/dev/null \
		&& $(PY) -m pytest -n auto --dist worksteal -m helix tests/editors $(ARGS))

e2e-emacs: ## Run against real Emacs 30 with Eglot, and llama-server
	$(call timed,$@,tools/setup proxy && tools/provision-editors >/dev/null \
		&& $(PY) -m pytest -m emacs tests/editors $(ARGS))

e2e-kate: ## Run against real Kate and llama-server
	$(call timed,$@,tools/setup proxy && tools/provision-editors >/dev/null \
		&& tools/provision-editors kate >/dev/null && $(PY) -m pytest -m kate tests/editors $(ARGS))

screens: ## Capture the screens that the documentation shows anew
	@tools/setup proxy
	@tools/provision-editors >/dev/null
	@tools/provision-editors kate >/dev/null
	@STREETRACE_SCREENS=write $(PY) -m pytest -q -m "($(EDITORS)) and not llama" \
		tests/editors $(ARGS)

e2e-neovim: ## Run against real Neovim, the plugin's own tests included, and llama-server
	$(call timed,$@,tools/setup proxy && tools/provision-editors >/dev/null \
		&& tools/provision-editors trixie >/dev/null \
		&& $(PY) -m pytest -n auto --dist worksteal \
		-m "neovim or llama and not (helix or emacs or kate)" \
		tests/editors tests/backends $(ARGS))

e2e-vscode: ## Run the packaged extension in the real VS Code (VSCODE=1.104 for that one alone)
	@tools/e2e-vscode $(VSCODE)
