"""Find the speakers of imported records; missing ones get new rows.

Each is published with what its own record says (name, kind, role, Wikidata id) and nothing that another record said. So
rows join by Wikidata id, else by name and role where there is no id, or by an alias, which people alone give. A record
that gives a name alone never joins a row with a role or an id. An editor puts rows together, and decides between
namesakes: the statement of either has no speaker. A name of nobody in particular has none.
"""

from claims.imports.bulk_publish import SpeakerRow, reserve_ids
from claims.imports.formats.records import Person
from claims.models import Speaker
from sources.database.bulk_rows import ids_of
from sources.database.public_ids import random_ids

_MAX_CACHED = 100_000  # then the cache is cleared


class Speakers:
    """The rows of the speakers looked up so far, as their records name them; None between namesakes."""

    def __init__(self) -> None:
        self._rows: dict[Person, SpeakerRow | None] = {}

    def row(self, person: Person | None) -> SpeakerRow | None:
        """The speaker that was found or prepared for the person, in the words of the person's record."""
        return self._rows.get(person) if person is not None and person.is_identified else None

    def find(self, people: set[Person]) -> list[SpeakerRow]:
        """Look up those that are not known yet; returns new rows for missing ones, to be written by the caller."""
        if len(self._rows) > _MAX_CACHED:
            self._rows.clear()
        wanted = [person for person in people if person.is_identified and person not in self._rows]
        if not wanted:
            return []
        known = _Known(wanted)
        missing: list[SpeakerRow] = []
        ids_for_new = [*zip(reserve_ids(Speaker, len(wanted)), random_ids("spk", len(wanted)), strict=True)]
        for person in sorted(wanted):
            same = known.like(person)
            if not same:
                same = [SpeakerRow(*ids_for_new[len(missing)], *person)]
                missing += same
                known.add(same[0])
            self._rows[person] = same[0] if len(same) == 1 else None
        return missing


class _Known:
    """The rows that may be those of some people, by name, alias and Wikidata id."""

    def __init__(self, people: list[Person]) -> None:
        names = [person.name for person in people]
        wikidata = [person.wikidata_id for person in people if person.wikidata_id]
        ids = ids_of(
            "SELECT id FROM claims_speaker WHERE name = ANY(%s::text[])"
            " UNION SELECT id FROM claims_speaker WHERE aliases <> '{}' AND aliases::text[] && %s::text[]"
            " UNION SELECT id FROM claims_speaker WHERE wikidata_id <> '' AND wikidata_id = ANY(%s::text[])",
            names,
            names,
            wikidata,
        )
        self._by_name: dict[tuple[str, str], list[SpeakerRow]] = {}
        self._by_alias: dict[str, list[SpeakerRow]] = {}
        self._by_id: dict[str, SpeakerRow] = {}
        for speaker in Speaker.objects.filter(pk__in=ids).order_by("pk") if ids else ():
            row = SpeakerRow(*(getattr(speaker, name) for name in SpeakerRow._fields))
            self.add(row)
            for name in set(speaker.aliases):
                self._by_alias.setdefault(name, []).append(row)

    def add(self, row: SpeakerRow) -> None:
        """Let the row be found."""
        if row.wikidata_id:
            self._by_id[row.wikidata_id] = row
        else:
            self._by_name.setdefault((row.name, row.role), []).append(row)

    def like(self, person: Person) -> list[SpeakerRow]:
        """The rows that the person may be: none, one, or namesakes."""
        if person.wikidata_id:
            if (known := self._by_id.get(person.wikidata_id)) is not None:
                return [_as_named(known, person)]
            named = []
        else:
            rows = self._by_name.get((person.name, person.role), [])
            exact = [row for row in rows if row.kind == person.kind]
            # Of a record that leaves the kind open, or of an earlier one that did.
            named = exact or [row for row in rows if "unknown" in {row.kind, person.kind}]
        called = [row for row in self._by_alias.get(person.name, ()) if _is_compatible(row, person)]
        own = {row.id for row in called}
        return [*called, *(_as_named(row, person) for row in named if row.id not in own)]


def _as_named(row: SpeakerRow, person: Person) -> SpeakerRow:
    """The row as the person's record has it, whatever other records say."""
    return row._replace(name=person.name, kind=person.kind, role=person.role, wikidata_id=person.wikidata_id)


def _is_compatible(row: SpeakerRow, person: Person) -> bool:
    """Whether what the record says of the person is so of a row that people gave the person's name as an alias."""
    return person.role in {"", row.role} and person.wikidata_id in {"", row.wikidata_id}
