.PHONY: run test fast lint bench

run:
	python3 start.py

test:
	python3 start.py test

fast:
	python3 start.py test -m "not browser and not engine"

lint:
	.venv/bin/ruff check --fix . && .venv/bin/ruff format . && .venv/bin/mypy

bench:
	.venv/bin/python -m benchmarks.imports
	.venv/bin/python -m benchmarks.client
	.venv/bin/python -m benchmarks.batches
	.venv/bin/python -m benchmarks.sweep
	.venv/bin/python -m benchmarks.builtin
	.venv/bin/python -m benchmarks.paint
	.venv/bin/python -m benchmarks.screen
	.venv/bin/python -m benchmarks.history
	.venv/bin/python -m benchmarks.engine
	.venv/bin/python -m benchmarks.endpoint
