"""Find the speakers of imported records by Wikidata id, else by name or alias; missing ones get new rows.

An editor decides between namesakes: the statement of either has no speaker. A name of nobody in particular has none.
"""

from claims.imports.bulk_publish import SpeakerRow, reserve_ids
from claims.imports.formats.records import Person
from claims.models import Speaker
from sources.database.bulk_rows import ids_of
from sources.database.public_ids import random_ids

_MAX_CACHED = 100_000  # then the cache is cleared


class Speakers:
    """The rows of the speakers looked up so far; None between namesakes."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], SpeakerRow | None] = {}

    def row(self, person: Person | None) -> SpeakerRow | None:
        """The speaker that was found or prepared for the person."""
        return self._rows.get(_key(person)) if person is not None and person.is_identified else None

    def find(self, people: set[Person]) -> list[SpeakerRow]:
        """Look up those that are not known yet; returns new rows for missing ones, to be written by the caller."""
        if len(self._rows) > _MAX_CACHED:
            self._rows.clear()
        wanted = [person for person in people if person.is_identified and _key(person) not in self._rows]
        if not wanted:
            return []
        names = [person.name for person in wanted]
        wikidata = [person.wikidata_id for person in wanted if person.wikidata_id]
        ids = ids_of(
            "SELECT id FROM claims_speaker WHERE name = ANY(%s::text[])"
            " UNION SELECT id FROM claims_speaker WHERE aliases <> '{}' AND aliases::text[] && %s::text[]"
            " UNION SELECT id FROM claims_speaker WHERE wikidata_id <> '' AND wikidata_id = ANY(%s::text[])",
            names,
            names,
            wikidata,
        )
        by_name: dict[str, list[SpeakerRow]] = {}
        by_id: dict[str, SpeakerRow] = {}
        for speaker in Speaker.objects.filter(pk__in=ids).order_by("pk") if ids else ():
            row = SpeakerRow(*(getattr(speaker, name) for name in SpeakerRow._fields))
            for name in {row.name, *speaker.aliases}:
                by_name.setdefault(name, []).append(row)
            if row.wikidata_id:
                by_id[row.wikidata_id] = row
        missing: list[SpeakerRow] = []
        ids_for_new = [*zip(reserve_ids(Speaker, len(wanted)), random_ids("spk", len(wanted)), strict=True)]
        # Those with an id first, so that a record with only the name finds the speaker created here.
        for person in sorted(wanted, key=lambda person: (not person.wikidata_id, person)):
            known = by_id.get(person.wikidata_id)
            if known is None:
                same = [
                    speaker
                    for speaker in by_name.get(person.name, [])
                    if not (person.wikidata_id and speaker.wikidata_id and person.wikidata_id != speaker.wikidata_id)
                ]
                if len(same) > 1:
                    self._rows[_key(person)] = None
                    continue
                known = same[0] if same else SpeakerRow(*ids_for_new[len(missing)], *person)
                if not same:
                    missing.append(known)
                    by_name.setdefault(person.name, []).append(known)
                    if person.wikidata_id:
                        by_id[person.wikidata_id] = known
            self._rows[_key(person)] = known
        return missing


def _key(person: Person) -> tuple[str, str]:
    return person.name, person.wikidata_id
