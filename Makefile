# The two commands a newcomer needs are `make demo` and `make test`; both do their own set-up.

SWIFT ?= swift
CONFIGURATION ?= release
SOURCES = Package.swift Sources Tests simulators

.PHONY: setup build demo test test-release lint bench soak clean

setup:
	@sh packaging/setup.sh

build: setup
	$(SWIFT) build -c $(CONFIGURATION) --product thermocline
	$(SWIFT) build -c $(CONFIGURATION) --product facility-sim

demo: build
	@sh packaging/demo.sh "$$($(SWIFT) build -c $(CONFIGURATION) --show-bin-path)"

# Debug: traps, exclusivity and overflow checks on.
test:
	@sh packaging/setup.sh test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --disable-xctest

test-release:
	@sh packaging/setup.sh test
	$(SWIFT) build -c release --build-tests
	$(SWIFT) test -c release --skip-build --disable-xctest

lint:
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

clean:
	$(SWIFT) package clean
