"""The dossier as files: tables as CSV for a spreadsheet, one page of HTML to print, the policies as they were."""

from pathlib import Path
from statistics import mean, median

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language_info, override

from claims.dossier import wording
from claims.dossier.gather import Year
from claims.formats.csv import encoded
from claims.public.static_files import static_file
from sources import atomic_file

_STYLE = "factcheck/readers.css"


def files_of(found: Year) -> dict[str, bytes]:
    """The content of each file by its name."""
    made = {
        "checks.csv": encoded(
            [
                (
                    *("claim_id", "review_id", "published_on", "claim", "language", "organisation", "status", "rating"),
                    *("topics", "speakers", "sources", "different_sources", "unnamed_sources", "speaker_asked"),
                    "corrections",
                ),
                *(
                    (
                        *(each.claim, each.review, each.published_on, each.text, each.language, each.organisation),
                        *(each.status, each.rating, "|".join(each.topics), "|".join(each.speakers), len(each.sources)),
                        *(each.different_sources, each.unnamed, "yes" if each.speaker_asked else "no"),
                        each.corrections,
                    )
                    for each in found.checks
                ),
            ]
        ),
        "sources.csv": encoded(
            [
                ("review_id", "kind", "stance", "source", "address", "saved_on"),
                *(
                    (check.review, each.kind, each.stance, each.name, each.address, each.saved_on)
                    for check in found.checks
                    for each in check.sources
                ),
            ]
        ),
        "changes.csv": encoded(
            [
                *[
                    (
                        "entry",
                        "on",
                        "claim_id",
                        "review_id",
                        "event",
                        "correction_kind",
                        "before",
                        "after",
                        "note",
                        "status",
                    )
                ],
                *(
                    (
                        *(each.sequence, each.on, each.claim, each.review, each.event, each.kind),
                        *(each.before, each.after, each.note, each.status),
                    )
                    for each in found.changes
                ),
            ]
        ),
        "complaints.csv": encoded(
            [
                (
                    "number",
                    "received_on",
                    "due_on",
                    "claim_id",
                    "answered_on",
                    "working_days",
                    "outcome",
                    "changed_entry",
                ),
                *(
                    (
                        *(each.number, each.received_on, each.due_on, each.claim, each.answered_on),
                        *(each.working_days, each.outcome, each.change),
                    )
                    for each in found.complaints
                ),
            ]
        ),
        "ratings.csv": encoded([("rating", "checks"), *found.ratings]),
        "topics.csv": encoded([("topic", "checks"), *found.topics]),
        "speakers.csv": encoded([("speaker", "checks"), *found.speakers]),
        "policies.csv": encoded(
            [("page", "version", "since"), *((each.page, each.version, each.since) for each in found.policies)]
        ),
        "dossier.css": static_file(_STYLE),
    }
    for each in found.policies:
        made[f"policies/{each.page}-{each.version}.md"] = f"{each.text}\n".encode()
    made["index.html"] = _page(found).encode()
    return made


def write(found: Year, folder: Path) -> int:
    """Write the files, each whole or not at all; files of another run with these names are replaced. How many."""
    made = files_of(found)
    for name, content in made.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        atomic_file.write(place, content, mode=0o644)
    return len(made)


def _page(found: Year) -> str:
    language = get_language_info(settings.READERS_LANGUAGE)
    counts = [each.different_sources for each in found.checks]
    days = [each.working_days for each in found.about_work if each.working_days is not None]
    context = {
        "found": found,
        "name": found.name,
        "language": settings.READERS_LANGUAGE,
        "direction": "rtl" if language["bidi"] else "ltr",
        "sources_mean": f"{mean(counts):.1f}" if counts else "",
        "sources_median": f"{median(counts):g}" if counts else "",
        "sources_least": min(counts, default=0),
        "corrected": sum(each.event == "corrected" for each in found.changes),
        "withdrawn": sum(each.event == "withdrawn" for each in found.changes),
        "days_median": f"{median(days):g}" if days else "",
    }
    with override(settings.READERS_LANGUAGE):
        context |= {
            "changes": wording.changes(found),
            "complaints": wording.complaints(found),
            "policies": wording.policies(found),
            "checks": wording.checks(found),
            "ratings": wording.ratings(found),
        }
        return render_to_string("dossier/page.html", context)
