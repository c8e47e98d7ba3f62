"""Keeps the libraries that are used from telling anybody that they are; sends and stores nothing itself."""

import os

_OFF = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime, from 1.29: a number for this device, sent with what is loaded
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def switch_off() -> None:
    """For this process and those that it starts. Each library reads its own when it is imported: this comes before."""
    os.environ.update(_OFF)
