# The whole of it is `sudo make test` and `sudo make demo`; everything else is a part of them.

PYTHON ?= /usr/bin/python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
PACKAGES := python3-venv python3-dev gcc pkg-config libsystemd-dev systemd-container systemd-journal-remote sudo \
    debootstrap dpkg-dev iproute2 man-db mandoc

.PHONY: install test demo bench soak mutations fuzz audit deb sbom lint types contracts unit integration clean
.NOTPARALLEL:

test: lint types contracts unit integration

# Into a virtual environment, where there is no package; README has the same commands.
install:
	apt-get install --yes samba samba-vfs-modules sudo python3-venv python3-dev gcc pkg-config libsystemd-dev
	python3 -m venv /opt/fui
	/opt/fui/bin/pip install .

demo: $(VENV)/ready
	$(BIN)/python -m integration.demo

bench: $(VENV)/ready
	$(BIN)/python -m integration.benchmarks

# What must never happen, tried more often than `make test` has the time for; some hours. The parts have
# parameters of their own: python -m tests.simulation --help, python -m integration.soak --help.
soak: $(VENV)/ready audit
	$(BIN)/python -m tests.simulation --seeds 0..1000000
	$(BIN)/python -m integration.soak
	$(BIN)/pytest integration -m soak --numprocesses 2 --dist loadfile
	FUI_TRIES=50 $(BIN)/pytest integration/test_many.py integration/test_race.py

# Deliberate faults of the core, each of which the simulation or a unit test has to find.
mutations: $(VENV)/ready
	$(BIN)/python -m tests.mutations

# Looks for inputs at which the readers of what strangers write come to grief; so many minutes for each.
FUZZ_MINUTES ?= 5
fuzz: $(VENV)/ready
	@$(PIP) --editable '.[fuzz]'
	$(BIN)/python -m tests.fuzz --minutes=$(FUZZ_MINUTES)

# Whether weaknesses are known of the libraries that the tests are run with; needs the network.
audit: $(VENV)/ready
	@$(PIP) --editable '.[audit]'
	$(BIN)/python -m tests.audit

lint: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/ready
	$(BIN)/mypy
	$(BIN)/mypy integration tests/simulation tests/mutations

contracts: $(VENV)/ready
	$(BIN)/lint-imports

unit: $(VENV)/ready
	$(BIN)/pytest tests --numprocesses 2 \
	    --cov=fui.core --cov=fui.model --cov=fui.config --cov-branch --cov-fail-under=100

# Several machines side by side: most of the time goes by waiting for states to pass.
integration: $(VENV)/ready
	$(BIN)/pytest integration -m "not soak" --numprocesses 5 --dist loadfile

# What the package is made of and needs, as CycloneDX; the package has it too.
sbom:
	@mkdir -p build
	$(PYTHON) debian/sbom.py >build/fui.cdx.json

# The Debian package, in build/; made in a copy, so that the checkout stays as it is.
deb:
	@rm -rf build/deb && mkdir -p build/deb/source
	@tar --create --exclude='./.*' --exclude=./build --exclude='*.egg-info' --exclude=__pycache__ . \
	    | tar --extract --directory=build/deb/source
	@{ dpkg-checkbuilddeps debian/control && lintian --version; } >/dev/null 2>&1 || { \
	    if [ "$$(id -u)" != 0 ]; then echo "cannot install what a package is built with: run this as root, with sudo"; exit 1; fi; \
	    echo "installing what the package is built with"; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get update -qq && apt-get install -qq --yes --no-install-recommends dpkg-dev lintian >/dev/null \
	        && apt-get build-dep -qq --yes --no-install-recommends ./ >/dev/null; \
	}
	cd build/deb/source && PATH=/usr/sbin:/usr/bin:/sbin:/bin dpkg-buildpackage --build=binary --no-sign >../log 2>&1 \
	    || { cat ../log; exit 1; }
	lintian --allow-root --fail-on error,warning --tag-display-limit 0 build/deb/fui_*.deb
	rm -f build/fui_*.deb && mv build/deb/fui_*.deb build/
	rm -rf build/deb

# What the tests and the demo need: Debian's packages, and a virtual environment in the checkout.
$(VENV)/ready: pyproject.toml constraints.txt
	@missing=$$(for name in $(PACKAGES); do \
	    dpkg-query --show --showformat '$${db:Status-Status}' $$name 2>/dev/null | grep -qx installed || echo $$name; \
	done); \
	if [ -n "$$missing" ]; then \
	    if [ "$$(id -u)" != 0 ]; then echo "cannot install $$missing: run this as root, with sudo"; exit 1; fi; \
	    echo "installing $$missing"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends $$missing >/dev/null; \
	fi
	@echo "preparing $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) wheel setuptools
	@$(PIP) --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
