# make run      serve the wizard on this machine, with the practice Snowflake
# make test     everything that has to be green: style, types, architecture, tests, a real browser
# make help     the rest
#
# Works with the make of macOS (3.81). What is installed, is installed in .venv, from the pins in requirements/.

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
# One more than two cores: a browser's test waits for its browser.
WORKERS ?= 3
LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m piptools compile --quiet --no-config --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

.PHONY: help run test lint types types-python types-scripts chromium unit test-clients collect-failures image image-test format bench lighthouse siege lock audit sbom wheel clean

help:
	@echo "make run      serve the wizard on http://127.0.0.1:8080 with the practice Snowflake"
	@echo "make test     lint, types, and all tests (WORKERS=n test processes, default 3)"
	@echo "make lint     style alone          make types   types alone       make unit   all tests but the browser's"
	@echo "make test-clients   what the hand-over gives, run by the real clients (installs them: 2 GB in .tools/)"
	@echo "make collect-failures   what these clients print when something is wrong, collected anew (Linux, root)"
	@echo "make image    the container image, with Docker, Podman or buildah (PYTHON_IMAGE=… for another base)"
	@echo "make image-test   build the image, run it and look into it; installs an engine where there is none"
	@echo "make format   write the style that lint asks for"
	@echo "make bench    what a page and a walk cost, as a table (WALKS=n for a shorter one)"
	@echo "make lighthouse  its marks for every page, on a phone and on a desktop (needs npm; takes five minutes)"
	@echo "make siege    what one process holds out, as a table (takes three minutes)"
	@echo "make lock     look for newer releases and pin them, with hashes, in requirements/"
	@echo "make audit    ask for known vulnerabilities of what is pinned"
	@echo "make sbom     the bill of materials, build/sbom.json"
	@echo "make wheel    the wheel and the source archive, in dist/"
	@echo "make clean    remove everything that make has made"

run: .venv/stamp-runtime
	$(PY) -m wizard serve --practice

# What comes before the tests takes one core each.
test: .venv/stamp-dev
	@$(MAKE) --no-print-directory --jobs lint types chromium
	$(PY) -m pytest -n $(WORKERS) --dist worksteal

chromium: .venv/stamp-dev
	PYTHON=$(PY) scripts/find-chromium --headless --install

lint: .venv/stamp-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check --quiet .
	.venv/bin/oxlint --quiet --deny-warnings static/js

types: types-python types-scripts

types-python: .venv/stamp-dev
	$(PY) -m mypy

types-scripts: .venv/stamp-dev
	$(PY) scripts/tsc.py

unit: .venv/stamp-dev
	$(PY) -m pytest -n $(WORKERS) --dist worksteal -m "not e2e"

image:
	scripts/build-image

test-clients: .venv/stamp-dev
	$(PY) scripts/install-clients.py
	$(PY) -m pytest -n $(WORKERS) --dist worksteal -m clients --no-nu tests/clients

collect-failures: .venv/stamp-dev
	$(PY) scripts/install-clients.py
	$(PY) scripts/collect-failures.py $(CLIENTS)
	$(PY) scripts/tell-causes.py

image-test: .venv/stamp-dev
	$(PY) -m pytest -m image --no-nu tests/image

format: .venv/stamp-dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: .venv/stamp-dev
	$(PY) -m bench $(if $(WALKS),--walks $(WALKS))

lighthouse: .venv/stamp-dev
	$(PY) -m bench.lighthouse

siege: .venv/stamp-dev
	$(PY) -m bench.siege

lock: .venv/stamp-dev
	$(LOCK) --upgrade --output-file requirements/runtime.txt requirements/runtime.in
	$(LOCK) --upgrade --output-file requirements/build.txt requirements/build.in
	$(LOCK) --upgrade --output-file requirements/dev.txt requirements/dev.in
	for list in requirements/clients-*.in; do $(LOCK) --upgrade --output-file "$${list%.in}.txt" "$$list" || exit 1; done

audit: .venv/stamp-dev
	$(PY) scripts/audit.py requirements/runtime.txt requirements/build.txt requirements/dev.txt

sbom: .venv/stamp-dev
	mkdir -p build
	$(PY) -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible --of JSON \
		--output-file build/sbom.json requirements/runtime.txt

wheel: .venv/stamp-dev
	$(PY) -m build --no-isolation --outdir dist

clean:
	rm -rf .venv .tools/clients build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find wizard tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say which pins are installed; touching a requirements file installs again.
.venv/bin/python:
	@python="$$(scripts/find-python)" && echo "A virtual environment with $$python" && "$$python" -m venv --clear .venv

.venv/stamp-runtime: requirements/runtime.txt | .venv/bin/python
	$(PIP) install --quiet --require-hashes --requirement requirements/runtime.txt
	@touch $@

.venv/stamp-dev: requirements/dev.txt | .venv/bin/python
	$(PIP) install --quiet --require-hashes --requirement requirements/dev.txt
	@touch $@ .venv/stamp-runtime
