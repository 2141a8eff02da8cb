# brummer-rpc. `make help` lists what there is.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BINARY  := bin/brummer-rpc

.DEFAULT_GOAL := help
.PHONY: help build install vscode vscode-all vscode-pictures vscode-bundle demo test test-all test-performance test-performance-compare test-performance-regression bench-report bench-search workload compare lint fmt generate clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-28s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/brummer-rpc
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$(VERSION)" -o $(BINARY) ./cmd/brummer-rpc

PREFIX ?= $(HOME)/.local

install: build ## put brummer-rpc into PREFIX/bin (default: ~/.local/bin)
	@mkdir -p $(PREFIX)/bin # BSD's install has no -D
	install -m 755 $(BINARY) $(PREFIX)/bin/brummer-rpc
	@case ":$$PATH:" in *":$(PREFIX)/bin:"*) ;; *) echo "$(PREFIX)/bin is not on the PATH: add it to find brummer-rpc" ;; esac

VSCODE := editors/vscode

vscode: vscode-bundle ## build the VS Code extension, with the program in it: a .vsix for this platform
	cd $(VSCODE) && GO="$(GO)" VERSION="$(VERSION)" npm run --silent package

vscode-all: vscode-bundle ## the same for every platform
	cd $(VSCODE) && GO="$(GO)" VERSION="$(VERSION)" npm run --silent package -- --all

vscode-pictures: vscode ## take the pictures of the extension in docs/screenshots
	BRUMMER_RPC_VSCODE=$$(.ci/vscode) BRUMMER_RPC_VSIX=$$(ls $(VSCODE)/*-linux-x64-*.vsix) BRUMMER_RPC_SCREENSHOTS=docs/screenshots node $(VSCODE)/test/ui/pictures.mjs

vscode-bundle:
	cd $(VSCODE) && npm ci --silent --ignore-scripts --no-audit --no-fund && npm run --silent build

demo: build ## run the example workspace through the binary and show the conversation
	$(GO) run ./examples/demo -binary $(BINARY) -workspace examples/shop

test: ## run every test whose tools are here, and say what was left out
	@GO="$(GO)" .ci/test

test-all: ## install what the tests need, and run all of them
	@GO="$(GO)" .ci/test --all

test-performance: ## run every benchmark and keep the figures: NAME=mine (default: the commit)
	$(GO) test -run '^$$' -bench . -benchmem -count 5 -timeout 60m ./bench | tee bench/baselines/$(or $(NAME),$(shell git rev-parse --short HEAD)).txt

test-performance-compare: ## compare two kept runs, with significance: OLD=a NEW=b
	$(GO) tool benchstat bench/baselines/$(OLD).txt bench/baselines/$(NEW).txt

test-performance-regression: ## judge the gates of bench/gates.toml; RUN=regexp chooses
	$(GO) run ./bench/cmd/gates -run '$(RUN)'

REPORT := bench/baselines/report.txt

bench-report: ## measure the rows of docs/performance.md and write it, with diagrams
	$(GO) test -run '^$$' -bench '^Benchmark(Publish|Publishers|EventBusComparison|EventLatency|Flood|FloodDetection|RequestOverhead|Seed.*)$$' -benchtime 100ms -benchmem -count 5 -timeout 30m ./bench ./engine/proxy | tee $(REPORT)
	$(GO) run ./bench/cmd/report -run $(REPORT)

SEARCHES := bench/baselines/search.txt

bench-search: ## measure searches in up to ten million lines and write docs/performance/search.md
	BENCH_LARGE=1 $(GO) test -run '^$$' -bench '^Benchmark(Search(Again|First)?|AppendHeap)$$' -benchtime 50ms -count 3 -timeout 60m ./bench | tee $(SEARCHES)
	$(GO) run ./bench/cmd/report -search -run $(SEARCHES) -out docs/performance/search.md

workload: build ## play the seed's session to the real binary: DURATION=5m FACTOR=1 OUT=docs/performance
	$(GO) run ./bench/cmd/workload -binary $(BINARY) -duration $(or $(DURATION),5m) -factor $(or $(FACTOR),1) -out '$(OUT)'

compare: build ## run others beside it, on Linux, and write docs/compare.md: what they leave behind, lose and cost
	PATH="$$(.ci/rivals):$$PATH" $(GO) run ./bench/cmd/compare -binary $(BINARY) -out docs/compare.md

lint: ## format, vet and static analysis
	@GO="$(GO)" .ci/test lint

fmt: ## format the code
	$(GO) tool gofumpt -w .

generate: ## rewrite golden files, transcripts, docs/methods.md, docs/config.md, docs/openrpc.json and the editors' types
	$(GO) test ./engine/project -run Discover -update
	$(GO) test ./rpc -run Transcripts -update
	$(GO) test ./rpc/generate -run Generated -update

clean: ## remove what was built
	rm -rf bin
