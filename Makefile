.PHONY: check test demo bench

check: ## everything that CI runs
	./check

test:
	go test ./...

demo:
	go run ./cmd/wirewatch demo

bench:
	go test -run '^$$' -bench . -benchmem ./...
