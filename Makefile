# Every target makes the environment by itself. Another Python: make PYTHON=python3.12 book

PYTHON ?= python3
PORT   ?= 0
BIN    := .venv/bin
CHECK  := tools/environment.py --check .venv

# The home may be one that nobody can write: matplotlib's warning of it would stand in every chapter.
MPLCONFIGDIR ?= $(CURDIR)/.venv/matplotlib
export MPLCONFIGDIR

# What a reader has done with the chapters is no part of them.
book test notebooks: export ALEXNET_COURSE_RECORD = no

.PHONY: always help book lite zip test test-book test-firefox test-lite test-parity javascript bench bench-book lab edit handout slides serve lock notebooks lint clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 16

# The check takes this file away where the folder was renamed or copied, or the Python is gone or not the one named.
.venv/pyvenv.cfg: always
ifeq ($(origin PYTHON),file)
	@$(BIN)/python $(CHECK) 2>/dev/null || $(PYTHON) $(CHECK)
else
	@$(PYTHON) $(CHECK) --by-name
endif

.venv/.ready: requirements.txt pyproject.toml tools/environment.py .venv/pyvenv.cfg
	@$(PYTHON) tools/environment.py .venv requirements.txt
	@$(BIN)/python -c "import matplotlib.font_manager"  # makes its cache, which else a first chapter speaks of
	@touch $@

.venv/.parity: requirements-parity.txt .venv/.ready
	@$(PYTHON) tools/environment.py .venv requirements-parity.txt
	@touch $@

book: .venv/.ready  ## execute every notebook and build the site into _build/html
	@rm -rf _build/html  # what was taken out of the course must not stay in the site
	$(BIN)/jupyter-book build --all --warningiserror --nitpick --keep-going .
	@$(BIN)/python tools/lite.py
	@$(BIN)/python tools/offline.py
	@echo "The course is built. Read it with: make serve    (or open _build/html/index.html)"

lite: .venv/.ready  ## the notebooks that run in the browser (part of make book)
	@$(BIN)/python tools/lite.py

zip: .venv/.ready  ## pack the built site for reading without a network (part of make book)
	@$(BIN)/python tools/offline.py

test: .venv/.ready  ## unit tests, doctests, and every notebook re-executed and compared
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pytest -m "not browser and not firefox and not lite and not parity" -n 2 --dist loadscope
	$(BIN)/pytest --nbval --nbval-cell-timeout=120 -n 2 --dist loadscope notebooks

test-book: .venv/.ready  ## the built site, and a chapter in JupyterLab, in a real browser (after make book)
	$(BIN)/pytest -m browser -n 2 --dist loadscope tests/browser tests/book

test-firefox: .venv/.ready node_modules/.ready  ## every page in Firefox (after make book; needs npm)
	$(BIN)/pytest -m firefox tests/browser

test-lite: .venv/.ready node_modules/.ready  ## Python in the browser, with what npm has of Pyodide (after make book)
	$(BIN)/python tools/pyodide_core.py
	$(BIN)/pytest -m lite tests/browser

test-parity: .venv/.parity  ## every layer and the whole network against PyTorch
	$(BIN)/pytest -m parity tests/parity

node_modules/.ready: package.json package-lock.json
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

javascript: node_modules/.ready  ## form, types and words of the JavaScript, and its WebAssembly (needs npm; npx prettier --write . puts the format right)
	$(PYTHON) tools/make_multiply.py --check
	npx prettier --check .
	npx tsc
	npx eslint src book

bench: .venv/.parity  ## speed beside PyTorch and onnxruntime, as ratios of one run
	$(BIN)/python -m benchmarks

bench-book: .venv/.ready  ## Lighthouse's scores and the explorers' latency on the built site (needs Node)
	$(BIN)/python -m benchmarks.site

lab: .venv/.ready  ## read, run and change the chapters in JupyterLab, in a copy of your own (work/)
	@$(BIN)/python tools/lab.py

edit: .venv/.ready  ## change the chapters of the course themselves in JupyterLab
	@$(BIN)/python tools/lab.py --edit

handout: .venv/.ready  ## chapters to hand out, without their answers, and solved (CHAPTERS="02 06")
	@$(BIN)/python tools/handout.py $(CHAPTERS)

slides: .venv/.ready  ## chapters as slides (CHAPTERS="06")
	@$(BIN)/python tools/slides.py $(CHAPTERS)

serve: .venv/.ready  ## read the built site on a free port of this machine
	@$(BIN)/python tools/serve.py --port "$(PORT)"

notebooks: .venv/.ready  ## execute and save every notebook in its canonical form
	$(BIN)/python tools/run_notebooks.py

lock: .venv/.ready  ## pin every package in requirements.txt; a version that stands there stays
	$(BIN)/python tools/lock.py

lint: .venv/.ready  ## style and format of the Python source
	$(BIN)/ruff check
	$(BIN)/ruff format --check

clean:  ## remove what was built (the environment stays)
	rm -rf _build
