"""Serve a GGUF model with llama.cpp's own HTTP server in this process until standard input ends.

python serve.py model.gguf '{"port": 0, "n_ctx": 8192, …}' prints the address it listens on.
"""

import json
import os
import sys

import xllamacpp  # type: ignore[import-untyped]


def main() -> None:
    model, settings = sys.argv[1], json.loads(sys.argv[2])
    params = xllamacpp.CommonParams()
    params.model.path = model
    # More threads busy-wait for each other and take the cores from the tests.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.n_parallel = 1
    params.endpoint_slots = True
    params.warmup = False
    params.mmproj.path = settings.pop("mmproj", "")
    params.model_alias = {settings.pop("alias")}
    for name, value in settings.items():
        setattr(params, name, value)
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    # Its threads do not end on their own.
    os._exit(0)


if __name__ == "__main__":
    main()
