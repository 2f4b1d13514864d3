# One target per habit; `make` alone lists them. CI runs `make test` and nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

JOBS ?=
FUZZ_SECONDS ?= 5
VM_PROFILES ?=
# What the acceptance test upgrades to.
NEXT_VERSION := $(shell scripts/version.sh)+next
SWIFT_FLAGS := --explicit-target-dependency-import-check error $(if $(JOBS),--jobs $(JOBS))
RELEASE_FLAGS := $(SWIFT_FLAGS) -c release --static-swift-stdlib --disable-local-rpath \
	-Xlinker -z -Xlinker now \
	-Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs -Xlinker --no-export-dynamic \
	-Xswiftc -enforce-exclusivity=unchecked \
	-Xswiftc -file-prefix-map -Xswiftc "$(CURDIR)=." -Xcc "-ffile-prefix-map=$(CURDIR)=."
STANDINS := out/standins

.PHONY: help build release release-dir deb test-deb test-twice vm-test test-readme demo test test-unit test-live test-host test-busy bench bench-rules detect check-names fuzz fmt lint check-size deps standins clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install what is missing to build and test (apt)
	scripts/deps.sh test

build: ## debug build, warnings as errors
	swift build $(SWIFT_FLAGS)

release: ## release build, Swift runtime linked statically
	swift build $(RELEASE_FLAGS)

release-dir:
	@swift build $(RELEASE_FLAGS) --show-bin-path

deb: release ## the Debian package, into out/deb
	scripts/build-deb.sh "$$(swift build $(RELEASE_FLAGS) --show-bin-path)" out/deb

test-deb: deb ## lintian, and what is in the package
	scripts/test-deb.sh out/deb

test-twice: deb ## the same, and the same bytes from a second build in another place
	scripts/test-deb.sh out/deb --twice

vm-test: deb ## boot a Debian, install the package, live a day with it (root; VM_PROFILES)
	scripts/build-deb.sh "$$(swift build $(RELEASE_FLAGS) --show-bin-path)" out/deb "$(NEXT_VERSION)"
	scripts/vm-test.sh out/deb/minewarden_"$$(scripts/version.sh)"_*.deb \
		out/deb/minewarden_$(NEXT_VERSION)_*.deb $(VM_PROFILES)

test-readme: ## the commands of README.md for a checkout
	scripts/test-readme.sh

demo: ## show a miner being seen, then denied; touches nothing of this host
	scripts/deps.sh build
	swift build $(RELEASE_FLAGS) --product minewardend
	scripts/demo.sh "$$(swift build $(RELEASE_FLAGS) --show-bin-path)/minewardend"

test: lint test-unit detect check-names fuzz test-live test-host test-busy check-size test-deb vm-test test-readme ## everything CI runs

test-unit: ## unit tests: no root, no network
	scripts/test-unit.sh

test-live: standins ## live-kernel tests: root, a private mount namespace, a tmpfs of their own
	scripts/test-live.sh

test-host: release standins ## the released daemon on a whole host of its own (a root of tmpfs)
	scripts/test-host.sh "$$(swift build $(RELEASE_FLAGS) --show-bin-path)/minewardend" \
		$(STANDINS)/standin-static

bench: release bench-rules ## what one held exec costs, against no listener and a minimal one
	Benchmarks/exec/run.sh "$$(swift build $(RELEASE_FLAGS) --show-bin-path)/minewardend"

bench-rules: ## what a decision and loading cost with 10 to 10,000 rules
	swift build $(RELEASE_FLAGS) --product rule-benchmark
	"$$(swift build $(RELEASE_FLAGS) --show-bin-path)/rule-benchmark" --rules rules

detect: ## score the shipped rules on command lines, beside other tools' (CORPUS=DIR for more)
	swift build $(RELEASE_FLAGS) --product minewarden
	scripts/detect.py --check --tool "$$(swift build $(RELEASE_FLAGS) --show-bin-path)/minewarden" \
		$(if $(REPORT),--report $(REPORT))

check-names: ## no shipped rule matches a program of this host or of Debian's archive by name
	swift build $(RELEASE_FLAGS) --product minewarden
	scripts/check-names.sh "$$(swift build $(RELEASE_FLAGS) --show-bin-path)/minewarden"

test-busy: release ## ordinary work under the agent raises no signal (an overlay of its own)
	scripts/test-busy.sh "$$(swift build $(RELEASE_FLAGS) --show-bin-path)/minewardend"

fuzz: ## feed hostile text to every parser for a short time (FUZZ_SECONDS each)
	scripts/fuzz.sh $(FUZZ_SECONDS)

standins: ## the harmless programs that play miners
	Tests/Fixtures/standins/build.sh $(STANDINS)

fmt: ## format Swift and C in place
	scripts/lint.sh --fix

lint: ## formatting, shellcheck, imports, trailing space
	scripts/lint.sh

check-size: release ## size, linked libraries and hardening of the daemon
	scripts/check-size.sh "$$(swift build $(RELEASE_FLAGS) --show-bin-path)/minewardend"

clean: ## remove what was built
	rm -rf .build out
