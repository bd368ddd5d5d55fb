#!/usr/bin/env python3
"""llama.cpp's own HTTP server under its usual name, with those of its options that the tests use: they start whichever llama-server is on PATH."""
import argparse
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "lib"))

options = argparse.ArgumentParser(allow_abbrev=False)
options.add_argument("-m", "--model", required=True)
options.add_argument("--host", default="127.0.0.1")
options.add_argument("--port", type=int, default=8080)
options.add_argument("-c", "--ctx-size", type=int, default=0)
options.add_argument("-t", "--threads", type=int, default=-1)
options.add_argument("-np", "--parallel", type=int, default=1)
options.add_argument("--api-key")
told = options.parse_args()

import xllamacpp  # noqa: E402, after the options: it takes a second

params = xllamacpp.CommonParams()
params.model.path = told.model
params.hostnames = [told.host]
params.port = told.port
params.n_ctx = told.ctx_size
params.cpuparams.n_threads = told.threads
params.n_parallel = told.parallel
params.endpoint_slots = True
if told.api_key is not None:
    params.api_keys = [told.api_key]
server = xllamacpp.Server(params)
# It serves in threads of its own.
signal.pause()
