# Every target explains itself: `make help`.
GO ?= go
BIN := bin/okienko
LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
# ./... matches nothing below a folder named testdata, so those packages are named.
PACKAGES := ./... ./testdata ./testdata/gen ./testdata/torture

.PHONY: help demo build test check crash lint parts bench quality fuzz clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo: build ## the main job in one command: sample mail in, answers out, the desk in your browser (needs only Go)
	$(BIN) demo $(ARGS)

build: ## build bin/okienko
	$(GO) build -o $(BIN) ./cmd/okienko

test: parts check ## install what is missing, run every check and test; fails rather than skips

check: ## run the linters and every test (the parts must be there)
	@test -z "$$(gofmt -l .)" || { gofmt -l . ; echo "not gofmt-ed: run gofmt -w ."; exit 1; }
	$(GO) vet $(PACKAGES)
	$(GO) run $(LINT) run --timeout 15m
	$(GO) test -timeout 30m $(PACKAGES)

crash: ## kill the program at every single durable step of an intake, and fail each call of one by e-Doręczenia, on both databases
	$(GO) test ./cmd/okienko -run TestKilled -crash-stride 1 -timeout 60m -v
	$(GO) test ./workflow/ade -run TestWhateverCallFails -walk-stride 1 -timeout 30m -v

lint: ## golangci-lint (make test runs it, too)
	$(GO) run $(LINT) run --timeout 15m

parts: ## install what the tests start for real: Debian packages (as root, or say which are missing), and axe-core with npm
	@sh .ci/parts
	@sh .ci/axe

bench: build ## messages a second from mailbox to desk, beside the limits of the parts
	$(BIN) bench

quality: build ## hold the judgement of labelled cases against their labels (CASES="DIR ..." for others)
	$(BIN) quality judgement --known testdata/quality-known.yaml $(or $(CASES),testdata/submissions classify/examples testdata/tuning testdata/held testdata/held2)
	@sh .ci/parts quality
	/usr/bin/python3 .ci/baseline.py

fuzz: ## fuzz every parser of outside bytes for FUZZTIME each (default 1m)
	@sh .ci/fuzz $(FUZZTIME)

clean: ## remove what was built
	rm -rf bin okienko-data
