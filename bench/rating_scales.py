"""Count the labels of a feed that the shipped rating scales map, and show some for a reader to judge.

    python bench/rating_scales.py FEED [--form json] [--sample 100] [--seed 1]

Reads ClaimReviews as `manage.py import_reviews` does, without a database. `covered` counts the records of publishers
that have a scale, `mapped` those of them whose label amounts to a verdict, by `whole` label or by its first phrase; the
most frequent labels that map nothing are listed. Whether a mapping is right no program can say: `--sample` prints that
many mapped ones, drawn at random.
"""

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("feed", type=Path)
    parser.add_argument("--form", default="json")
    parser.add_argument("--sample", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    import django

    django.setup()
    from claims.imports.formats import reading
    from claims.imports.formats.records import Record
    from claims.rating_scales import labels, match

    entries = reading.entries(iter([options.feed.read_bytes()]), form=options.form, now=datetime.now(UTC), after=0)
    records = [entry for entry in entries if isinstance(entry, Record)]
    covered = whole = 0
    unmapped: Counter[tuple[str, str]] = Counter()
    mapped: list[tuple[str, str, str]] = []
    began = time.process_time()
    for record in records:
        given = {"publisher": record.publisher, "site": record.site, "url": record.url}
        language = record.article_language or record.language
        found = match.verdict_of(record.rating, **given, language=language)
        scale = match.scale_of(record.publisher, match.host_of(record.site), match.host_of(record.url))
        if scale is None:
            continue
        covered += 1
        if found is None:
            unmapped[scale.name, record.rating] += 1
            continue
        mapped.append((scale.name, record.rating, found.verdict))
        whole += labels.key(record.rating) in scale.by_key
    seconds = time.process_time() - began

    for (name, label), count in unmapped.most_common(20):
        print(f"{count:>7}  {name:<24} maps nothing  {label[:90]}")
    random.seed(options.seed)
    for name, label, verdict in random.sample(mapped, min(options.sample, len(mapped))):
        print(f"         {name:<24} {verdict:<13} {label[:90]}")
    result = {
        "records": len(records),
        "covered": covered,
        "mapped": len(mapped),
        "whole": whole,
        "unmapped_labels": len(unmapped),
        "us_per_record": round(seconds / len(records) * 1e6, 1) if records else None,
    }
    for name, value in result.items():
        print(f"{name:>28}  {value}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
