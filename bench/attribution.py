"""Measure precision and recall of attribution (who said what) on an annotated file.

    python bench/attribution.py FILE

FILE is PolNeAR as JSON lines: {"id", "text", "attributions": [{"source", "cue", "content": [[start, end], …]}]}.
A content that the product finds matches an annotated one if the F1 of their token sets (tokens by position) is at least
0.8. Each is matched once, best pairs first. `source_accuracy` is the share of matched pairs whose sources overlap by
the same measure; two absent sources count as right. All polarities count. Time is the processor's. A table tells the
kinds of error; the last line is JSON.

    too long, too short   a content that holds an annotated one, or is held by it
    elsewhere             a content that overlaps an annotated one otherwise
    nothing there         a content where none is annotated
    missed                an annotated content with which nothing found overlaps
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from claims.statements.attribution import attributions

MATCH = 0.8
_TOKEN = re.compile(r"\w+(?:['’]\w+)*")


def positions(text_tokens: list[tuple[int, int]], spans: list[list[int]]) -> frozenset[int]:
    """Indexes of the tokens that lie in the spans."""
    return frozenset(i for i, (s, e) in enumerate(text_tokens) if any(a <= s and e <= b for a, b in spans))


def f1(left: frozenset[int], right: frozenset[int]) -> float:
    if not left or not right:
        return float(left == right)
    return 2 * len(left & right) / (len(left) + len(right))


def pair(found: list[frozenset[int]], gold: list[frozenset[int]]) -> list[tuple[int, int]]:
    """One-to-one pairs (found, gold) with an overlap of at least MATCH, best first."""
    scores = [(f1(a, b), i, j) for i, a in enumerate(found) for j, b in enumerate(gold) if a & b]
    pairs, used_found, used_gold = [], set(), set()
    for score, i, j in sorted(scores, key=lambda row: (-row[0], row[1], row[2])):
        if score >= MATCH and i not in used_found and j not in used_gold:
            pairs.append((i, j))
            used_found.add(i)
            used_gold.add(j)
    return pairs


def kind_of_error(content: frozenset[int], gold: list[frozenset[int]]) -> str:
    """How a content that matches no annotated one differs from the nearest."""
    nearest = max(gold, key=lambda other: f1(content, other), default=frozenset())
    if not content & nearest:
        return "nothing there"
    if nearest <= content:
        return "too long"
    return "too short" if content <= nearest else "elsewhere"


def print_errors(errors: Counter[tuple[str, str]]) -> None:
    """A table of kinds of error by polarity of what was found."""
    columns = sorted({polarity for _, polarity in errors})
    print(f"\n{'kind of error':<18}" + "".join(f"{column:>13}" for column in columns))
    for kind in sorted({kind for kind, _ in errors}):
        print(f"{kind:<18}" + "".join(f"{errors[kind, column]:>13}" for column in columns))
    print()


def main(path: str) -> None:
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    n_found = n_gold = n_matched = n_source = n_touching = 0
    errors: Counter[tuple[str, str]] = Counter()
    seconds = 0.0
    for row in rows:
        tokens = [m.span() for m in _TOKEN.finditer(row["text"])]
        started = time.process_time()
        found = attributions(row["text"])
        seconds += time.process_time() - started
        gold = row["attributions"]
        found_content = [positions(tokens, [list(s) for s in a.content]) for a in found]
        gold_content = [positions(tokens, g["content"]) for g in gold]
        pairs = pair(found_content, gold_content)
        right, met = {i for i, _ in pairs}, {j for _, j in pairs}
        for i, a in enumerate(found):
            if i not in right:
                errors[kind_of_error(found_content[i], gold_content), str(a.polarity)] += 1
        for j, content in enumerate(gold_content):
            if j not in met and not any(content & other for other in found_content):
                errors["missed", "not found"] += 1
        for i, j in pairs:
            source = found[i].source
            predicted = positions(tokens, [list(source)] if source else [])
            annotated = positions(tokens, gold[j]["source"])
            n_matched += 1
            n_source += f1(predicted, annotated) >= MATCH
            n_touching += bool(predicted & annotated) or predicted == annotated
        n_found += len(found)
        n_gold += len(gold)
    precision = n_matched / n_found if n_found else 0.0
    recall = n_matched / n_gold if n_gold else 0.0
    result = {
        "documents": len(rows),
        "annotated": n_gold,
        "found": n_found,
        "matched": n_matched,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4) if n_matched else 0.0,
        "source_accuracy": round(n_source / n_matched, 4) if n_matched else 0.0,
        "source_overlap": round(n_touching / n_matched, 4) if n_matched else 0.0,
        "ms_per_document": round(seconds / len(rows) * 1000, 2) if rows else 0.0,
    }
    for name, value in result.items():
        print(f"{name:<18}{value:>10}")
    print_errors(errors)
    print(json.dumps(result))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE")
    main(parser.parse_args().file)
