"""What `import qa` gives, and what it does not load."""

import subprocess
import sys

import qa

HEAVY = {"faiss", "gradio", "llama_index", "nltk", "onnxruntime", "sentence_transformers", "torch", "xllamacpp"}


def test_the_public_names_are_sorted_and_real() -> None:
    assert qa.__all__ == sorted(qa.__all__)
    assert all(getattr(qa, name) is not None for name in qa.__all__)


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import qa, sys; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert HEAVY & set(loaded) == set()
