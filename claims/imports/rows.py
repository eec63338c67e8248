"""Build the rows of new records; look up or create the publishers, speakers, articles and documents they share.

Shared rows are looked up for a whole batch at once, so that a record needs no query of its own.
"""

import hashlib
import unicodedata
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from claims.imports.bulk_publish import (
    AppearanceRow,
    ArticleRow,
    Batch,
    ClaimRow,
    DocumentRow,
    FingerprintRow,
    RecordRow,
    ReviewRow,
    SpeakerRow,
    StatementRow,
    VersionRow,
    reserve_ids,
    write_speakers,
)
from claims.imports.formats import repair
from claims.imports.formats.records import AppearedIn, Record, RecordVersion
from claims.imports.joining.claim_states import ClaimState, with_joined
from claims.imports.joining.same_claim import SameWords
from claims.imports.speakers import Speakers
from claims.models import Appearance, Article, Claim, Document, Organisation, Rating, Review, Statement
from claims.models.review import ReviewVersion
from claims.publication import published_claim as published
from claims.publication.append import EVENTS, Entry
from claims.publication.body import (
    claim_body,
    history_entry,
    rating_body,
    review_body,
    settled_verification,
    statement_body,
    with_citation,
)
from claims.rating_scales import labels
from sources.database.bulk_rows import ids_of
from sources.database.public_ids import random_ids
from sources.http.url_key import stored_key

UNWRITTEN = 6  # batches that may be waiting to be written while another is built


class OwnReview(Exception):
    """The record is a review that we publish ourselves."""


class StatementKey(NamedTuple):
    """The identity of a statement: a span of a text at a URL."""

    text_sha256: str
    url: str
    start: int
    end: int


Stated = tuple[StatementRow, SpeakerRow | None]


class AddedReview(NamedTuple):
    """A review that was added to a batch, with the rows that a later record of the same batch may need."""

    review: ReviewRow
    versions: list[VersionRow]
    organisation: Organisation
    article: ArticleRow
    body: Any
    """Of its claim; None if it joined one that was there."""
    salt: bytes


class NewRows(NamedTuple):
    """The new rows of a batch that later batches may share."""

    articles: dict[str, ArticleRow]
    documents: dict[tuple[str, str], DocumentRow]
    statements: dict[StatementKey, Stated]


class Rows:
    """Builds the rows of records; caches the shared rows looked up so far, and the ids reserved for the batch."""

    def __init__(self) -> None:
        self._organisations: dict[str, Organisation] = {}
        self._ratings: dict[int, dict[str, Rating]] = {}
        self._values: dict[int, list[int]] = {}
        self._speakers = Speakers()
        # Articles, documents and statements: new ones of the latest batches, which may not be written yet, and those
        # looked up for this batch.
        self._own_names: frozenset[str] | None = None
        self._recent: deque[NewRows] = deque(maxlen=UNWRITTEN)
        self._articles: dict[str, ArticleRow] = {}
        self._own_articles: set[str] = set()
        self._documents: dict[tuple[str, str], DocumentRow] = {}
        self._statements: dict[StatementKey, Stated] = {}
        self._appearances: set[tuple[int, int]] = set()
        self._ids: dict[type, list[tuple[int, str]]] = {}

    def prepare(self, records: list[Record], *, changed: Sequence[Record], claims: Collection[int], actor: str) -> None:
        """Look up the rows that new records share, create missing publishers and speakers, and reserve enough ids.

        `changed` are records of known reviews, `claims` those that are there and may get statements.
        """
        links = Appearance.objects.filter(claim__in=claims).values_list("claim_id", "statement_id")
        self._appearances = set(links) if claims else set()
        self._articles, self._documents, self._statements = {}, {}, {}
        for new in self._recent:
            self._articles |= new.articles
            self._documents |= new.documents
            self._statements |= new.statements
        self._recent.append(NewRows({}, {}, {}))
        self._find_organisations(records)
        self._find_articles([record.url for record in records])
        self._prepare_places([*records, *changed], actor)
        for model, prefix in ((Claim, "clm"), (Article, "art"), (Review, "rev")):
            self._reserve(model, prefix, len(records))

    def prepare_places(self, records: list[Record], *, actor: str) -> None:
        """Look up or create what is needed for the places that changed records name: for `statements_of`."""
        self._documents, self._statements, self._appearances = {}, {}, set()
        self._recent.append(NewRows({}, {}, {}))
        self._prepare_places(records, actor)

    def _prepare_places(self, records: list[Record], actor: str) -> None:
        people = {place.speaker for record in records for place in record.appearances if place.speaker}
        write_speakers(self._speakers.find(people), actor=actor, reason="import")
        spots = {(_document_text(place), place.url) for record in records for place in record.appearances}
        self._find_documents([(_sha256(text), url) for text, url in spots])
        appearances = sum(len(record.appearances) for record in records)
        for model, prefix in ((Document, "doc"), (Statement, "stm")):
            self._reserve(model, prefix, appearances)

    def _reserve(self, model: type, prefix: str, count: int) -> None:
        self._ids[model] = [*zip(reserve_ids(model, count), random_ids(prefix, count), strict=True)][::-1]

    def with_scale(self, publishers: set[str]) -> set[str]:
        """The publishers for whose ratings an editor has defined a scale."""
        organisations = Organisation.objects.filter(name__in=publishers, scales__ratings__in=Rating.objects.offered())
        return set(organisations.values_list("name", flat=True).distinct()) if publishers else set()

    def rating(self, organisation_id: int, label: str) -> Rating | None:
        """The rating on the publisher's scale with this label; None if an editor has not defined it."""
        known = self._ratings.get(organisation_id)
        if known is None:
            offered = Rating.objects.offered().filter(scale__organisation_id=organisation_id)
            steps = offered.select_related("scale").order_by("-pk")
            known = self._ratings[organisation_id] = {labels.key(step.label): step for step in steps}
            for step in known.values():
                self._values.setdefault(step.scale_id, [])
            for step in steps:
                self._values[step.scale_id].append(step.value)
        return known.get(labels.key(label))

    def add(
        self,
        batch: Batch,
        record: Record,
        words: SameWords,
        version_notes: Sequence[RecordVersion],
        *,
        joined: ClaimState | None = None,
        part: str = "",
    ) -> AddedReview:
        """Add the rows of one record to the batch: a claim of its own, or a review of `joined`. Raises `OwnReview`.

        `part` is the claim merged into `joined` that says what the record does.
        """
        organisation = self._organisations[record.publisher]
        is_ours = organisation.is_ours or self._is_named_as_ours(record.publisher)
        if is_ours or stored_key(record.url) in self._own_articles:
            raise OwnReview
        if joined is None:
            claim = ClaimRow(
                *self._ids[Claim].pop(),
                record.text,
                record.language,
                *(record.period or (None, None)),
                record.place,
            )
            batch.claims.append(claim)
            batch.fingerprints.append(FingerprintRow(claim.id, words.fingerprint))
        claim_id = claim.id if joined is None else joined.id
        article = self._article(batch, record, organisation)
        last = version_notes[-1]
        withdrawn_at = last.at if record.withdrawn else None
        review = ReviewRow(*self._ids[Review].pop(), claim_id, organisation.pk, article.id, withdrawn_at)
        batch.reviews.append(review)
        statements = self.statements_of(batch, claim_id, record, review=review.public_id)
        rating = self.rating(organisation.pk, record.rating)
        versions = [
            noted_version(each, review=review.id, number=number)
            for number, each in enumerate(version_notes[:-1], start=1)
        ]
        version = VersionRow(
            review.id,
            len(version_notes),
            last.kind,
            last.sort,
            rating.pk if rating is not None else None,
            record.rating,
            record.numbers,
            record.summary,
            record.body,
            record.true_as_of,
            last.note,
            last.at,
        )
        history = [
            history_entry(each, rating=None, published_at=each.published_at, undated=not told.dated)
            for each, told in zip(versions, version_notes[:-1], strict=True)
        ]
        history.append(history_entry(version, rating=rating, published_at=version.published_at, undated=not last.dated))
        batch.versions += [*versions, version]
        batch.records.append(
            RecordRow(record.key, record.claim_sha, record.digest, review.id, record.modified_at, batch.source)
        )
        own = review_body(
            review,
            version,
            organisation=organisation,
            article=article,
            rating=self.rating_body(version, rating),
            evidence=[],
            history=history,
            published_at=version.published_at,
            withdrawn_at=withdrawn_at,
        )
        event = EVENTS[ReviewVersion.Kind.WITHDRAWAL if record.withdrawn else ReviewVersion.Kind.ORIGINAL].value
        if joined is None:
            cited = with_citation(own)
            body: Any = claim_body(
                claim, verification=settled_verification([cited]), statements=statements, reviews=[cited]
            )
            salt = batch.publish_new(Entry(claim.id, review.id, claim.public_id, review.public_id, event), body)
            return AddedReview(review, [*versions, version], organisation, article, body, salt)
        said = with_joined(joined.words, own, statements, text=record.text, part=part)
        joined.publish(batch, said, review=review.id, review_public_id=review.public_id, event=event)
        return AddedReview(review, [*versions, version], organisation, article, None, joined.salt)

    def rating_body(self, version: VersionRow, rating: Rating | None) -> published.Rating | None:
        """Render the rating of a version, with the steps that its scale offers."""
        return rating_body(version, rating=rating, values=self._values[rating.scale_id] if rating else ())

    # publishers

    def _is_named_as_ours(self, publisher: str) -> bool:
        """Whether readers could take the name for that of an organisation of ours."""
        if self._own_names is None:
            ours = Organisation.objects.filter(is_ours=True).values_list("name", flat=True)
            self._own_names = frozenset(map(_plain_name, ours))
        return _plain_name(publisher) in self._own_names

    def _find_organisations(self, records: Iterable[Record]) -> None:
        first = {record.publisher: record for record in records if record.publisher not in self._organisations}
        if not first:
            return
        for organisation in Organisation.objects.filter(name__in=list(first)):
            self._organisations[organisation.name] = organisation
        for name, record in first.items():
            if name not in self._organisations:
                self._organisations[name], _ = Organisation.objects.get_or_create(
                    name=name, defaults={"site": record.site[:2000], "licence": record.licence[:2000]}
                )

    # documents and statements

    def _find_documents(self, wanted: list[tuple[str, str]]) -> None:
        if not wanted:
            return
        ids = ids_of(
            "SELECT d.id FROM claims_document AS d JOIN unnest(%s::text[], %s::text[]) AS w(sha, url)"
            " ON d.text_sha256 = w.sha AND d.url = w.url",
            [sha for sha, _ in wanted],
            [url for _, url in wanted],
        )
        for document in Document.objects.filter(pk__in=ids) if ids else ():
            key = (document.text_sha256, document.url)
            self._documents[key] = DocumentRow(
                *(getattr(document, name) for name in DocumentRow._fields),
            )
        for statement in (
            Statement.objects.filter(document__in=ids).select_related("document", "speaker") if ids else ()
        ):
            spot = StatementKey(statement.document.text_sha256, statement.document.url, statement.start, statement.end)
            row = StatementRow(*(getattr(statement, name) for name in StatementRow._fields))
            self._statements[spot] = (
                row,
                SpeakerRow(*(getattr(statement.speaker, name) for name in SpeakerRow._fields))
                if statement.speaker
                else None,
            )

    def statements_of(self, batch: Batch, claim: int, record: Record, *, review: str) -> list[published.Statement]:
        """The published statements of the record's places; adds the rows they need, links to the claim included."""
        bodies: dict[int, published.Statement] = {}
        for place in record.appearances:
            text = _document_text(place)
            sha = _sha256(text)
            start, end = len(text) - len(place.text), len(text)
            spot = StatementKey(sha, place.url, start, end)
            document = self._documents.get((sha, place.url))
            if document is None:
                document = DocumentRow(
                    *self._ids[Document].pop(),
                    place.kind,
                    place.title,
                    text,
                    sha,
                    place.url,
                    _canonical(place.url),
                    stored_key(place.url),
                    place.publisher,
                    place.published_on,
                    place.language or record.language,
                )
                batch.documents.append(document)
                self._documents[sha, place.url] = self._recent[-1].documents[sha, place.url] = document
            statement = self._statements.get(spot)
            named = self._speakers.row(place.speaker)
            if statement is None:
                row = StatementRow(
                    *self._ids[Statement].pop(),
                    document.id,
                    place.text,
                    start,
                    end,
                    [[start, end]],
                    named.id if named is not None else None,
                    place.speaker.name if place.speaker else "",
                    place.quoted,
                )
                batch.statements.append(row)
                statement = self._statements[spot] = self._recent[-1].statements[spot] = (row, named)
            row, speaker = statement
            if named is not None and named.id == row.speaker_id:
                speaker = named
            if row.id not in bodies:
                bodies[row.id] = statement_body(row, speaker=speaker, document=document, review=review)
                batch.link(AppearanceRow(claim, row.id), row.public_id, self._appearances)
        return [bodies[number] for number in sorted(bodies)]

    # the article

    def retitle(self, url: str, title: str) -> None:
        """Render the article at this address with its new title from now on."""
        for known in (self._articles, *(new.articles for new in self._recent)):
            if url in known:
                known[url] = known[url]._replace(title=title)

    def _find_articles(self, urls: list[str]) -> None:
        """Articles by their address as it was given, and the keys of those that are ours, whatever their address."""
        self._own_articles = set()
        keys = [key for url in urls if (key := stored_key(url))]
        ids = ids_of("SELECT id FROM claims_article WHERE url_key = ANY(%s::text[])", keys)
        if not ids:
            return
        own = set(Review.objects.filter(origin=Review.Origin.OWN, article__in=ids).values_list("article_id", flat=True))
        for article in Article.objects.filter(pk__in=ids).select_related("organisation"):
            self._articles[article.url] = ArticleRow(*(getattr(article, name) for name in ArticleRow._fields))
            if article.pk in own or article.organisation.is_ours:
                self._own_articles.add(article.url_key)

    def _article(self, batch: Batch, record: Record, organisation: Organisation) -> ArticleRow:
        article = self._articles.get(record.url)
        if article is None:
            article = ArticleRow(
                *self._ids[Article].pop(),
                organisation.pk,
                record.url,
                record.title,
                record.article_language,
                stored_key(record.url),
            )
            batch.articles.append(article)
            self._articles[record.url] = self._recent[-1].articles[record.url] = article
        return article


def noted_version(version: RecordVersion, *, review: int, number: int) -> VersionRow:
    """The row of a version whose words were never seen here: it has its note alone."""
    return VersionRow(
        review, number, version.kind, version.sort, None, "", None, "", "", None, version.note, version.at
    )


def _document_text(place: AppearedIn) -> str:
    """The statement preceded by its speaker, since the same words of two people are two documents.

    Of namesakes too: so with the role and the Wikidata id that the record gives.
    """
    if place.speaker is None:
        return place.text
    name, _, role, wikidata = place.speaker
    if role or wikidata:
        name += (f", {role}" if role else "") + (f" ({wikidata})" if wikidata else "")
    return f"{name}: {place.text}"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=4096)
def _plain_name(name: str) -> str:
    """The letters and digits of a name, without case, width, accents and invisible characters."""
    text = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in text if character.isalnum())


def _canonical(url: str) -> str:
    address = repair.address(url, []) if url else None
    return address[1] if address else ""
