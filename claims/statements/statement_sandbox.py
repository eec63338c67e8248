"""Extract statements, and read Markdown, in a process of its own within limits of CPU time, memory, time and output.

    extract("The dam holds, said Ida Moe.", "en", IN_REQUEST)  ->  [ExtractedStatement(…)]

No text can occupy or crash the process that serves editors. Passing a text there and back costs some 0.3 ms and 15 µs a
statement; the first text of a process waits for the worker to start.
"""

import atexit
import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

import orjson

from claims.statements import extraction, markdown
from claims.statements.checkworthiness import Checkworthiness
from claims.statements.extracted import ExtractedAttribution, ExtractedStatement, Polarity, Sureness
from claims.statements.figures import Figure
from claims.statements.sentences import Span
from sources.extraction.worker_pool import WorkerPool, serve

logger = logging.getLogger(__name__)

WORKERS = 2
MAX_STATEMENTS = 100_000
MAX_RESPONSE = 300_000_000  # bytes
MEMORY = 3_000_000_000  # bytes of address space; ten megabytes of text need a third
_PROGRAM = [sys.executable, "-m", "claims.statements.statement_sandbox"]
_SHORT = 5_000  # characters of a statement that is read in place
_SPLIT = "Paste the part that matters into a document of its own."


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that reading one text may take: of CPU time, and by the clock."""

    cpu_seconds: int
    seconds: float


IN_REQUEST = Limits(10, 20.0)  # 200,000 characters take 1 to 6 s
IN_BACKGROUND = Limits(600, 1_800.0)  # ten million take 1 to 5 minutes


class NotRead(Exception):
    """The statements of a text were not extracted. The message is a sentence that says what to do.

    `lasting`: whether the same text would fail again. False if the worker could not start, or had too little time.
    """

    def __init__(self, sentence: str, *, lasting: bool = True) -> None:
        super().__init__(sentence)
        self.lasting = lasting


def extract(
    text: str, language: str, limits: Limits = IN_REQUEST, go_on: Callable[[], bool] | None = None
) -> list[ExtractedStatement]:
    """The statements of `text` as `extraction.statements` gives them. Raises `NotRead`, also once `go_on` says no."""
    lines = _call("statements", text, limits, language, go_on=go_on).split(b"\n")
    return [_statement(json.loads(line)) for line in lines if line]


def assess(
    text: str, offset: int, language: str, said: str, *, attributed: bool
) -> tuple[tuple[Figure, ...], Checkworthiness]:
    """Figures and worth of one statement as `extraction.assess` gives them; of one that takes too long there are none.

    A short one is read in place.
    """
    if len(text) + len(said) <= _SHORT:
        return extraction.assess(text, offset, language, said, attributed=attributed)
    try:
        found, worth = json.loads(_call("assess", text, IN_REQUEST, str(offset), language, said, str(attributed)))
    except NotRead:
        return (), Checkworthiness(0.0, False, ())
    numbers = tuple(Figure(**figure) for figure in found)
    return numbers, Checkworthiness(worth["score"], worth["worthy"], tuple(worth["reasons"]))


def read_markdown(source: str) -> tuple[str, str]:
    """Text and title of a Markdown document, as `markdown.read` gives them. Raises `NotRead`."""
    text, title = orjson.loads(_call("markdown", source, IN_REQUEST))
    return text, title


_pool = WorkerPool(lambda: _PROGRAM, WORKERS)
close = atexit.register(_pool.close)


def _call(kind: str, text: str, limits: Limits, *arguments: str, go_on: Callable[[], bool] | None = None) -> bytes:
    request = orjson.dumps([kind, limits.cpu_seconds, *arguments])
    with _pool.borrow() as worker:
        if not worker.ready:
            raise NotRead("The program that reads texts could not start in time; try again later.", lasting=False)
        ends = time.monotonic() + limits.seconds
        response = worker.call(request, text.encode(errors="replace"), ends, MAX_RESPONSE, go_on)
        if response is None:
            worker.end()
            if go_on is not None and not go_on():
                raise NotRead("The reading was stopped; start it again.", lasting=False)
            raise NotRead(
                f"The text could not be read within {_duration(limits.cpu_seconds)} of computing time. {_SPLIT}",
                lasting=limits == IN_BACKGROUND,
            )
    outcome, content = response[:1], response[1:]
    if outcome == _REFUSED:
        raise NotRead(content.decode())
    if outcome == _FAILED:
        logger.error("A text of %d characters could not be read: %s", len(text), content.decode())
        raise NotRead(f"The text could not be read because of a fault of the program, which is logged. {_SPLIT}")
    return content


_DONE, _REFUSED, _FAILED = b"d", b"r", b"f"


def _duration(seconds: int) -> str:
    return f"{seconds // 60} minutes" if seconds >= 120 else f"{seconds} seconds"


def _statement(data: dict[str, Any]) -> ExtractedStatement:
    return ExtractedStatement(
        **{
            **data,
            "content": _spans(data["content"]),
            "figures": tuple(Figure(**figure) for figure in data["figures"]),
            "checkworthy_reasons": tuple(data["checkworthy_reasons"]),
            "attributions": tuple(_attribution(each) for each in data["attributions"]),
        }
    )


def _attribution(data: dict[str, Any]) -> ExtractedAttribution:
    return ExtractedAttribution(
        **{
            **data,
            "speaker_span": Span(*data["speaker_span"]) if data["speaker_span"] else None,
            "cue_span": Span(*data["cue_span"]),
            "content": _spans(data["content"]),
            "sureness": Sureness(data["sureness"]),
            "polarity": Polarity(data["polarity"]),
            "role": frozenset(data["role"]),
        }
    )


def _spans(data: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(*span) for span in data)


def _json(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=list)  # spans and roles are lists in JSON
    except TypeError:  # a number of more than 64 bits
        return json.dumps(value, default=lambda each: asdict(each) if is_dataclass(each) else list(each)).encode()  # type: ignore[arg-type]


def _extract(text: str, language: str) -> bytes:
    found = extraction.statements(text, language)
    if len(found) > MAX_STATEMENTS:
        return _REFUSED + f"The text has more than {MAX_STATEMENTS:,} sentences. {_SPLIT}".encode()
    return _DONE + b"\n".join(map(_json, found))


def _markdown(source: str) -> bytes:
    return _DONE + orjson.dumps(markdown.read(source))


def _assess(text: str, offset: str, language: str, said: str, attributed: str) -> bytes:
    found = extraction.assess(text, int(offset), language, said, attributed=attributed == "True")
    return _DONE + _json(found)


_KINDS: Mapping[str, Callable[..., bytes]] = {"statements": _extract, "assess": _assess, "markdown": _markdown}


def _answer(body: bytes, arguments: list[Any]) -> bytes | None:
    """In the worker: handle one request. Returns None if memory does not suffice."""
    kind, _, *others = arguments
    try:
        return _KINDS[kind](body.decode(), *others)
    except (MemoryError, RecursionError):
        return None
    except Exception as error:  # noqa: BLE001 - of whatever kind: the parent logs it, and keeps the document
        last = traceback.extract_tb(error.__traceback__)[-1]
        return _FAILED + f"{type(error).__name__} in {last.filename}:{last.lineno}".encode()


def _serve() -> None:
    serve(_answer, memory=MEMORY, cpu_seconds=lambda arguments: int(arguments[1]))


if __name__ == "__main__":
    _serve()
