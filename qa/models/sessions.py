"""Opens an ONNX graph as this package runs all of them: on one thread, in the caller's; knows no model."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from numpy.typing import NDArray

Weight: TypeAlias = NDArray[Any]


def open_session(graph: Path | bytes, weights: Mapping[str, Weight] | None = None) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    """A session of the graph. weights: by name, those that it does not hold itself."""
    from onnxruntime import InferenceSession, OrtValue, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors only
    if weights:
        values = map(OrtValue.ortvalue_from_numpy, weights.values())
        options.add_external_initializers(list(weights), list(values))
    # onnxruntime's fused kernel is slower than the addition and the normalisation that it stands for.
    slow = ["SkipLayerNormFusion"]
    source = graph if isinstance(graph, bytes) else str(graph)
    return InferenceSession(source, options, providers=["CPUExecutionProvider"], disabled_optimizers=slow)
