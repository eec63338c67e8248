"""Records that contradict an imported review: queue them for an editor, and take or leave them as she decides.

    importer ──put──> ImportConflict (waiting) ──accept──> the review says what came
                                               └──keep────> the review stays as it is

An imported review is its publisher's, so one person decides which of its words are the later ones; nothing is written
anew here.
"""

from django.db import transaction
from django.db.models.functions import Now

from claims.imports import versions
from claims.imports.bulk_publish import Question
from claims.imports.formats.content import Changes, changes
from claims.imports.formats.records import Record, as_json, from_json
from claims.imports.known_reviews import Contradiction, StoredReview, Update, load, source_key
from claims.imports.rows import Rows
from claims.models import Claim, ImportConflict
from claims.permissions import Refused, User, may_decide_on_import, require
from sources.database.audit import acting

State = ImportConflict.State
_MAY_NOT = "You may not decide which record of a publisher is taken; ask an administrator for the role of an editor."


def question(stored: StoredReview, record: Record, verdict: Contradiction) -> Question:
    """What an editor is asked about the record."""
    return Question(stored.review.pk, record.digest, stored.record.digest, as_json(record), verdict.doubt.value)


def put(asked: Question, *, source: str) -> bool:
    """Queue the record, inside the caller's transaction; returns whether it waits for an editor.

    It does not if an editor has just decided to keep what is still here against this very record.
    """
    same = ImportConflict.objects.select_for_update().filter(review=asked.review_id, digest=asked.digest)
    if same.filter(state=State.KEPT, against=asked.against, record=asked.record).exists():
        return False
    told = {"against": asked.against, "record": asked.record, "doubt": asked.doubt, "source": source}
    ImportConflict.objects.get_or_create(
        review_id=asked.review_id, digest=asked.digest, state=State.WAITING, defaults=told
    )
    return True


def waiting() -> int:
    """The number of records that wait for an editor."""
    return ImportConflict.objects.filter(state=State.WAITING).count()


def differences(conflict: ImportConflict) -> tuple[StoredReview, Record, Changes]:
    """What is here now, what came, and how the two differ."""
    record = from_json(conflict.record)
    stored = next(iter(load([conflict.review.imported.key]).values()))
    return stored, record, changes(stored.content, record.content, later=True, own_places=stored.own_places)


def accept(conflict: ImportConflict, *, actor: User) -> ImportConflict:
    """Publish what came as the review's next version. Raises `Refused`."""
    require(may_decide_on_import(actor, conflict.review.claim), _MAY_NOT)
    rows = Rows()
    rows.prepare_places([from_json(conflict.record)], actor="import")
    with acting(actor, reason="took a publisher's other record"), transaction.atomic():
        locked = _locked(conflict)
        stored = load([locked.review.imported.key], locked=True)[locked.review.imported.key]
        _, record, found = differences(locked)
        if not found:
            raise Refused("The review says what came by now, so there is nothing to take; keep it as it is.")
        locked.against = stored.record.digest
        versions.apply(stored, record, Update(found, whole=True), source=source_key(locked.source), rows=rows)
        return _decide(locked, State.ACCEPTED, actor)


def keep(conflict: ImportConflict, *, actor: User) -> ImportConflict:
    """Keep the review as it is; this record does not come back until the review has changed. Raises `Refused`."""
    require(may_decide_on_import(actor, conflict.review.claim), _MAY_NOT)
    with acting(actor, reason="kept a review against a publisher's other record"), transaction.atomic():
        locked = _locked(conflict)
        locked.against = locked.review.imported.digest
        return _decide(locked, State.KEPT, actor)


def _locked(conflict: ImportConflict) -> ImportConflict:
    # The claim first, as imports and every verb lock it; until commit its review then moves to no other claim.
    Claim.objects.select_for_update().get(reviews=conflict.review_id)
    locked = (
        ImportConflict.objects.select_for_update(of=("self",)).select_related("review__imported").get(pk=conflict.pk)
    )
    if locked.state != State.WAITING:
        raise Refused("A colleague has decided on this record already.")
    return locked


def _decide(conflict: ImportConflict, state: ImportConflict.State, actor: User) -> ImportConflict:
    # By the clock of the database, which dates the versions too: `StoredReview.changed_since`.
    conflict.state, conflict.decided_at, conflict.decided_by = state, Now(), actor
    conflict.save()
    conflict.refresh_from_db(fields=["decided_at"])
    return conflict
