# The two commands a newcomer needs are `make demo` and `make test`; both do their own set-up.

SWIFT ?= swift
CONFIGURATION ?= release
SOURCES = Package.swift Sources Tests simulators Benchmarks

.PHONY: setup build demo test test-release lint check bench bench-acquisition bench-plant floors fuzz soak figures capture proto clean

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
	$(SWIFT) test --skip-build --disable-xctest --no-parallel

test-release:
	@sh packaging/setup.sh test
	$(SWIFT) build -c release --build-tests
	$(SWIFT) test -c release --skip-build --disable-xctest --no-parallel

lint:
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

# Every shipped device map and site file, with the program as a user would run it.
# Every site under simulators/sites; a commissioning record is no site.
SITES := $(filter-out %.commissioning.yaml,$(wildcard simulators/sites/*.yaml))

check:
	$(SWIFT) build --product thermocline
	$$($(SWIFT) build --show-bin-path)/thermocline maps lint
	$$($(SWIFT) build --show-bin-path)/thermocline check $(SITES)

# One line a figure; exits 0 whether met or missed.
bench: setup
	$(SWIFT) build -c release --product thermocline-bench
	$$($(SWIFT) build -c release --show-bin-path)/thermocline-bench simulators/sites/hall-10mw.yaml devicemaps

# Acquisition beside a C floor and the peers, in alternation; about six minutes after the build.
bench-acquisition:
	@sh packaging/setup.sh test
	$(SWIFT) build -c release --product acquisition-bench
	python3 -B Benchmarks/acquisition/run.py "$$($(SWIFT) build -c release --show-bin-path)/acquisition-bench"

# A virtual year of the 10 MW hall: three days of every month, scaled.
bench-plant: setup
	$(SWIFT) build -c release --product plant-bench
	$$($(SWIFT) build -c release --show-bin-path)/plant-bench simulators/sites/hall-10mw.yaml devicemaps

# Both yardsticks in years of weather at constant load, and what they show in docs/plant/floors.md:
# make floors WEATHER="a.csv b.epw" [DAYS=31]
SITE_LIST ?= simulators/sites/bounds.yaml,simulators/sites/hall-10mw.yaml
DAYS ?= 31
floors: setup
	$(SWIFT) build -c release --product plant-floors
	$$($(SWIFT) build -c release --show-bin-path)/plant-floors devicemaps $(DAYS) $(SITE_LIST) $(WEATHER) \
	  > .build/floors.csv
	mv .build/floors.csv Benchmarks/plant-floors/record.csv
	python3 -B Benchmarks/plant-floors/page.py docs/plant/floors.md Benchmarks/plant-floors/record.csv \
	  Benchmarks/plant-floors/calculated.csv

# Coverage-guided fuzzing of frame decoding, register codec and device maps; FUZZ_SECONDS=N sets how long.
FUZZ_SECONDS ?= 600
fuzz: setup
	@sh Tests/Fuzz/run.sh $(FUZZ_SECONDS)

# The closed loops over many seeds; SEEDS=N sets how many.
SEEDS ?= 200
soak: setup
	$(SWIFT) build -c release --build-tests
	THERMOCLINE_SEEDS=$(SEEDS) THERMOCLINE_SCENARIO_HOURS=24 $(SWIFT) test -c release --skip-build --disable-xctest --no-parallel \
		--filter 'ClosedLoopTests|SimulationTests'

# Draws the figures of docs/plant anew.
figures: setup
	$(SWIFT) build --build-tests
	THERMOCLINE_RECORD=1 $(SWIFT) test --skip-build --disable-xctest --no-parallel --filter PlantFigureTests

# Writes the README's picture of the demo anew.
capture: build
	@sh packaging/capture.sh "$$($(SWIFT) build -c $(CONFIGURATION) --show-bin-path)"

# Needs protoc and protoc-gen-swift of the swift-protobuf version in Package.swift.
proto:
	cd Sources/Upstream/RemoteWrite && protoc --swift_out=. --swift_opt=Visibility=Internal remote_write.proto

clean:
	$(SWIFT) package clean
