"""The child process that serves one GGUF file over HTTP on loopback; knows nothing of the rest of qa.

It is run by path, so that it starts without qa's own imports. The first line on stdin is the order, a JSON
object: {"model": path, "key": str, "threads": int, "slots": bool}. The first line on stdout is the answer:
{"address": str} or {"error": str}. When stdin ends, because the parent closed it or died, the process ends.
"""

import json
import os
import sys
from typing import Any

CONTEXT_TOKENS = 4096
BATCH_TOKENS = 128  # a client that has gone is noticed between batches, while the prompt is read too
PROMPT_CACHE_MIB = 256  # the library's own default is 8 GiB
QUIET = -1


def main() -> None:
    """Serves until stdin ends."""
    answers = _private_stdout()
    order = json.loads(sys.stdin.readline())
    try:
        server = _start(order)
    except Exception as error:  # noqa: BLE001 - whatever the library throws is told to the parent
        print(json.dumps({"error": str(error)}), file=answers, flush=True)
        return
    print(json.dumps({"address": server.listening_address}), file=answers, flush=True)
    sys.stdin.read()
    os._exit(0)  # the server has no stop of its own that could be trusted to be quick


def _private_stdout() -> Any:  # noqa: ANN401 - a text stream
    """A stream to the parent; what llama.cpp itself prints goes nowhere instead."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return answers


def _start(order: dict[str, Any]) -> Any:  # noqa: ANN401 - xllamacpp ships no types
    from xllamacpp import CommonParams, Server

    params = CommonParams()
    params.model.path = order["model"]
    params.model_alias = {"local"}  # else the file's path is told to clients
    params.offline = True
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # any free one
    params.api_keys = [order["key"]]
    params.cors_origins = ""  # the default lets every web page in
    params.cors_credentials = False
    params.endpoint_slots = order["slots"]  # it shows other people's prompts
    params.ui = False
    params.enable_reasoning = 0  # a model that thinks aloud would spend its few tokens on that
    params.verbosity = QUIET
    params.n_ctx = CONTEXT_TOKENS
    params.n_batch = params.n_ubatch = BATCH_TOKENS
    params.n_parallel = 1
    params.cache_ram_mib = PROMPT_CACHE_MIB
    # a core stays free: with every core taken, one busy neighbour stalls all threads (100 against 0.5 tokens/s)
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = order["threads"]
    return Server(params)


if __name__ == "__main__":
    main()
