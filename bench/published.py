"""Fill a database with many published claims for `api.py`, in minutes and in the form that publishing writes.

The benchmark publishes one claim through the product's own functions. Every other claim is a copy of its rows with
other words, ids and people. The log's rows, bodies, hashes and `ClaimVersion` follow from the first claim's body and
from the functions that publishing uses, so that they have all current fields. Rows bypass the triggers (audit, hash
chain); the superuser writes them into a database that the benchmark creates and removes. The hash chain is complete.

Values to filter by, whatever the number of claims: a topic that a fifth of the claims has, speakers with 40 claims
each, hosts with some 400, topics that one claim has.
"""

import hashlib
import multiprocessing
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson
import prose
import psycopg
from desk_users import editors
from psycopg import sql

from claims.models import ClaimVersion, facet_count
from claims.publication import append, log_line, published_claim
from claims.publication.words import words_sha256

POOL = 4_999  # sentences that claims are made of
BEGAN = datetime(2015, 1, 1, tzinfo=UTC)
CLAIMS_PER_SPEAKER = 40
CLAIMS_PER_HOST = 200
CLAIMS_PER_PAGE = 4
TOPICS = 30
PROCESSES = 2  # that write bodies
RARE_EVERY = 101  # one claim in this many has a topic of its own
FIRST = 1_000_000  # primary keys of the copies begin here

_LOG = ("claims_claimversion", "claims_publicationbody", "claims_publication")
_DESK = (
    "claims_claim",
    "claims_claim_topics",
    "claims_document",
    "claims_statement",
    "claims_appearance",
    "claims_article",
    "claims_review",
    "claims_reviewversion",
    "claims_evidence",
    "claims_evidencecheck",
)


def public_id(prefix: str, number: int) -> str:
    """Return the public id of row `number` of a kind; digits belong to the alphabet of ids."""
    return f"{prefix}_{number:016d}"


def seed(url: str, claims: int) -> dict[str, float]:
    """Write the claims into the migrated, empty database at `url` (as superuser). Returns seconds by step."""
    seconds: dict[str, float] = {}
    body, rows = _publish_one()
    pool = _sentences()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in (
            "session_replication_role = replica",
            "maintenance_work_mem = '1GB'",
            "synchronous_commit = off",
            "max_parallel_maintenance_workers = 2",
        ):
            connection.execute(f"SET {setting}")
        for step, tables, write in (
            ("desk", _DESK, lambda: _copy_desk(connection, rows, pool, claims)),
            ("log", _LOG, lambda: _write_log(connection, url, body, rows, pool, claims)),
        ):
            began = time.monotonic()
            indexes = _drop_indexes(connection, tables)
            write()
            seconds[step] = time.monotonic() - began
            began = time.monotonic()
            for index in indexes:
                connection.execute(index)
            seconds[f"indexes of the {step}"] = time.monotonic() - began
        _draw_ids(connection)
        began = time.monotonic()
        connection.execute(facet_count.RECOUNT)  # type: ignore[arg-type]
        seconds["mentions"] = time.monotonic() - began
        began = time.monotonic()
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
        seconds["vacuum"] = time.monotonic() - began
    return {step: round(value, 1) for step, value in seconds.items()}


def _draw_ids(connection: psycopg.Connection[Any]) -> None:
    """Let each table go on behind the ids that were copied into it: the audit finds ids that nobody drew."""
    identities = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND is_identity = 'YES'"
    ).fetchall()
    for table, column in identities:
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), max({})) FROM {} HAVING max({}) IS NOT NULL").format(
                sql.Literal(table),
                sql.Literal(column),
                sql.Identifier(column),
                sql.Identifier(table),
                sql.Identifier(column),
            )
        )


def _sentences() -> list[str]:
    """Make distinct sentences of some 130 characters each."""
    random = Random(1)
    made: dict[str, None] = {}
    while len(made) < POOL:
        tongue = prose.ENGLISH
        words = {
            "name": f"{random.choice(prose.FIRST)} {random.choice(prose.LAST)}",
            "place": random.choice(prose.PLACES),
            "thing": random.choice(tongue.things),
            "who": random.choice(tongue.who),
            "verb": random.choice(tongue.verbs),
        }
        count = random.randint(2, 9_999)
        made[
            f"In {words['place']} {words['who']} {words['verb']} {count} of {words['thing']}, "
            f"as {words['name']} had told the press in {random.choice(tongue.months)} {random.randint(2009, 2026)}."
        ] = None
    return list(made)


def _place(number: int, nth: int) -> int:
    """Return the index of a claim's nth sentence; the same rule as `_words` in SQL."""
    return (number * 31 + nth * 787) % POOL


def _words(nth: int) -> str:
    return f"(SELECT words FROM bench_pool WHERE place = (g::bigint * 31 + {nth} * 787) % {POOL})"


# The first claim ------------------------------------------------------------------------------------------------------


def _publish_one() -> tuple[dict[str, Any], dict[str, Any]]:
    """Publish a claim with a statement and a review that rests on two quotes. Returns its body and primary keys."""
    from datetime import date

    from django.utils import timezone

    from claims.models import (
        Appearance,
        Article,
        Claim,
        Document,
        Evidence,
        EvidenceCheck,
        Organisation,
        Rating,
        RatingScale,
        Speaker,
        Statement,
        Topic,
        Verdict,
    )
    from claims.publication.words import leaving
    from claims.reviews import evidence, publish, workflow
    from sources.extraction.full_text import EXTRACTOR
    from sources.models import Blob, Page, Polling, Snapshot, Text
    from sources.pages import page_for
    from sources.snapshots import default_store

    author, approver = editors()
    desk = Organisation.objects.create(name="Bench", is_ours=True, site="https://desk.example/")
    scale = RatingScale.objects.create(organisation=desk, name="Scale")
    verdicts = (Verdict.FALSE, Verdict.FALSE, Verdict.MIXED, Verdict.TRUE, Verdict.UNPROVEN)
    labels = ("False", "Mostly false", "Half true", "True", "No evidence")
    for value, (label, verdict) in enumerate(zip(labels, verdicts, strict=True), start=1):
        Rating.objects.create(scale=scale, label=label, value=value, verdict=verdict)
    topic = Topic.objects.create(slug="topic-0", name="Topic 0")
    text = "“The agency counted 412 bridges in need of repair,” the minister said."
    document = Document.objects.create(
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        url="https://paper.example/story-0",
        title="The minister speaks of the river bridges again",
        publisher="The Paper",
        published_on=date(2026, 1, 1),
    )
    speaker = Speaker.objects.create(name="A. Minister", kind=Speaker.Kind.PERSON, role="Minister of Works")
    statement = Statement.objects.create(
        document=document,
        text=text,
        start=0,
        end=len(text),
        content=[[1, 51]],
        speaker=speaker,
        speaker_as_written="the minister",
        cue="said",
        quoted=True,
    )
    claim = Claim.objects.create(text="412 bridges need repair.", place="Altmere")
    claim.topics.add(topic)
    Appearance.objects.create(claim=claim, statement=statement)
    version = workflow.start_review(claim=claim, organisation=desk, author=author)
    version.rating = Rating.objects.get(label="True")
    version.summary, version.body, version.true_as_of = "The report says so.", "We read it.", date(2026, 1, 1)
    version.save()
    version.review.article = Article.objects.create(
        organisation=desk, url="https://desk.example/checks/0", title="How many bridges need repair?"
    )
    version.review.save()
    quotes = ("The agency counted 412 bridges in need of repair.", "None of the other bridges was looked at.")
    for quote in quotes:
        page = page_for(f"https://host-0.example/report-{len(quote)}")
        page_text = f"A report. {quote} It ends here."
        blob = Blob.objects.create(
            sha256=default_store.store().put(quote.encode()), size=len(quote.encode()), media_type="text/html"
        )
        extracted = Text.objects.create(sha256=hashlib.sha256(page_text.encode()).hexdigest(), text=page_text)
        snapshot = Snapshot.objects.create(
            page=page, taken_at=timezone.now(), status=200, blob=blob, text=extracted, extractor=EXTRACTOR
        )
        Polling.objects.filter(page=page).update(latest_snapshot=snapshot, last_success_at=snapshot.taken_at)
        evidence.attach_quote(
            version,
            url_or_page=page,
            exact=quote,
            stance=Evidence.Stance.SUPPORTS,
            actor=author,
            note="The agency's own count, in the report that it published.",
        )
    workflow.submit(version, actor=author)
    approved = workflow.approve(version, actor=approver, shown=leaving(version).sha256)
    publication = publish.publish(approved, actor=approver)
    evidences = list(Evidence.objects.order_by("pk"))
    rows = {
        "claim": claim.pk,
        "topic": topic.pk,
        "topics": Claim.topics.through.objects.get().pk,
        "document": document.pk,
        "speaker": speaker.pk,
        "statement": statement.pk,
        "appearance": Appearance.objects.get().pk,
        "article": version.review.article.pk,
        "review": version.review.pk,
        "version": version.pk,
        "evidence": [evidence.pk for evidence in evidences],
        "check": [EvidenceCheck.objects.get(evidence=evidence).pk for evidence in evidences],
        "page": Page.objects.order_by("pk").values_list("pk", flat=True)[0],
        "source": Page.objects.order_by("pk").values_list("source", flat=True)[0],
        "snapshot": Snapshot.objects.order_by("pk").values_list("pk", flat=True)[0],
        "ratings": list(Rating.objects.order_by("pk").values("pk", "label", "value", "verdict")),
    }
    body: dict[str, Any] = orjson.loads(bytes(publication.body.json))
    return body, rows


# The desk's tables, row by row of the first claim ---------------------------------------------------------------------


def _counts(claims: int) -> dict[str, int]:
    return {
        "speaker": max(1, claims // CLAIMS_PER_SPEAKER),
        "source": max(1, claims // CLAIMS_PER_HOST),
        "page": max(1, claims // CLAIMS_PER_PAGE),
    }


def _copy_desk(connection: psycopg.Connection, rows: dict[str, Any], pool: list[str], claims: int) -> None:
    """Everything that a ModelSerializer of a published claim would read. Row g of a table is of claim g."""
    connection.execute("CREATE TABLE bench_pool (place int PRIMARY KEY, words text)")
    with connection.cursor() as cursor, cursor.copy("COPY bench_pool FROM STDIN") as copy:
        for place, words in enumerate(pool):
            copy.write_row((place, words))
    connection.execute("ANALYZE bench_pool")
    many = _counts(claims)
    at = f"timestamptz '{BEGAN.isoformat()}' + g * interval '7 minutes'"

    def ids(prefix: str, number: str = "g") -> str:
        return f"'{prefix}_' || lpad(({number})::text, 16, '0')"

    first = FIRST
    _clone(
        connection, "claims_topic", rows["topic"], TOPICS, id=f"{first} + g", slug="'topic-' || g", name="'Topic ' || g"
    )
    _clone(
        connection,
        "claims_topic",
        rows["topic"],
        claims // RARE_EVERY + 1,
        id=f"{first} * 2 + g",
        slug="'rare-' || g",
        name="'Rare topic ' || g",
    )
    _clone(connection, "claims_speaker", rows["speaker"], many["speaker"], id=f"{first} + g", public_id=ids("spk"),
           name=f"'Speaker ' || g || ' ' || left({_words(1)}, 12)")  # fmt: skip
    _clone(connection, "sources_source", rows["source"], many["source"], id=f"{first} + g", public_id=ids("src"),
           name="'Source ' || g", homepage="'https://host-' || g || '.example/'")  # fmt: skip
    _clone(connection, "sources_page", rows["page"], many["page"], id=f"{first} + g", public_id=ids("pag"),
           source_id=f"{first} + 1 + g % {many['source']}",
           url=f"'https://host-' || (1 + g % {many['source']}) || '.example/report/' || g",
           title=f"left({_words(2)}, 60)")  # fmt: skip
    _clone(connection, "sources_snapshot", rows["snapshot"], many["page"], id=f"{first} + g", public_id=ids("snp"),
           page_id=f"{first} + g")  # fmt: skip
    _clone(connection, "claims_claim", rows["claim"], claims, id=f"{first} + g", public_id=ids("clm"),
           text=_words(3), created_at=at)  # fmt: skip
    _clone(connection, "claims_claim_topics", rows["topics"], claims, id=f"{first} + g", claim_id=f"{first} + g",
           topic_id=f"{first} + CASE WHEN g % 5 = 0 THEN 1 ELSE 2 + g % {TOPICS - 1} END")  # fmt: skip
    connection.execute(
        f"INSERT INTO claims_claim_topics (id, claim_id, topic_id) SELECT {first} * 4 + g, {first} + g * {RARE_EVERY}, "
        f"{first} * 2 + g FROM generate_series(1, {claims // RARE_EVERY}) AS g"
    )
    _clone(connection, "claims_document", rows["document"], claims, id=f"{first} + g", public_id=ids("doc"),
           text=_words(4), text_sha256="md5(g::text) || md5(g::text)", title=f"left({_words(5)}, 80)",
           url="'https://paper-' || g % 97 || '.example/story/' || g", canonical_url="''", created_at=at)  # fmt: skip
    _clone(connection, "claims_statement", rows["statement"], claims, id=f"{first} + g", public_id=ids("stm"),
           document_id=f"{first} + g", speaker_id=f"{first} + 1 + g % {many['speaker']}", text=_words(4))  # fmt: skip
    _clone(connection, "claims_appearance", rows["appearance"], claims, id=f"{first} + g", claim_id=f"{first} + g",
           statement_id=f"{first} + g")  # fmt: skip
    _clone(connection, "claims_article", rows["article"], claims, id=f"{first} + g", public_id=ids("art"),
           url="'https://desk.example/checks/' || g", title=f"left({_words(3)}, 80)")  # fmt: skip
    _clone(connection, "claims_review", rows["review"], claims, id=f"{first} + g", public_id=ids("rev"),
           claim_id=f"{first} + g", article_id=f"{first} + g", created_at=at)  # fmt: skip
    rating = " ".join(f"WHEN {number} THEN {rating['pk']}" for number, rating in enumerate(rows["ratings"]))
    _clone(connection, "claims_reviewversion", rows["version"], claims, id=f"{first} + g", review_id=f"{first} + g",
           rating_id=f"CASE g % {len(rows['ratings'])} {rating} END",
           summary=_words(6), body=f"{_words(7)} || ' ' || {_words(8)}", published_at=at)  # fmt: skip
    for nth in (0, 1):
        page = f"(1 + (g + {nth * 17}) % {many['page']})"
        _clone(connection, "claims_evidence", rows["evidence"][nth], claims, id=f"{first} * {nth + 1} + g",
               public_id=ids("evd", f"g * 2 + {nth}"), version_id=f"{first} + g", page_id=f"{first} + {page}",
               snapshot_id=f"{first} + {page}", exact=_words(14 + nth * 3), prefix=f"left({_words(15 + nth * 3)}, 60)",
               suffix=f"left({_words(16 + nth * 3)}, 60)")  # fmt: skip
        _clone(connection, "claims_evidencecheck", rows["check"][nth], claims, id=f"{first} * {nth + 1} + g",
               evidence_id=f"{first} * {nth + 1} + g", checked_at=at)  # fmt: skip


def _clone(connection: psycopg.Connection, table: str, row: Any, number: int, **other: str) -> None:
    """Insert copies 1 to `number` of a row; `other` maps columns to SQL expressions over g."""
    columns = [
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            " ORDER BY ordinal_position",
            [table],
        )
    ]
    assert set(other) <= set(columns), (table, set(other) - set(columns))
    values = sql.SQL(", ").join(
        sql.SQL(other[name]) if name in other else sql.Identifier("first", name)  # type: ignore[arg-type]
        for name in columns
    )
    connection.execute(
        sql.SQL("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} first, generate_series(1, {n}) AS g"
                " WHERE first.id = {row}").format(
            table=sql.Identifier(table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=values,
            n=number,
            row=row,
        )
    )  # fmt: skip


# The log --------------------------------------------------------------------------------------------------------------


def _body(body: dict[str, Any], rating: dict[str, Any], pool: list[str], claims: int, number: int) -> dict[str, Any]:
    """Return the first claim's body with the values that `_copy_desk` writes for claim `number`."""
    many = _counts(claims)
    [review] = body["reviews"]
    [statement] = body["statements"]

    def words(nth: int) -> str:
        return pool[_place(number, nth)]

    at = BEGAN + timedelta(minutes=7 * number)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    topic = 1 if number % 5 == 0 else 2 + number % (TOPICS - 1)
    topics = [{"slug": f"topic-{topic}", "name": f"Topic {topic}"}]
    if number % RARE_EVERY == 0:
        rare = number // RARE_EVERY
        topics.append({"slug": f"rare-{rare}", "name": f"Rare topic {rare}"})
    speaker = 1 + number % many["speaker"]
    evidence = []
    for nth, first in enumerate(review["evidence"]):
        page = 1 + (number + nth * 17) % many["page"]
        source = 1 + page % many["source"]
        evidence.append(
            {
                **first,
                "id": public_id("evd", number * 2 + nth),
                "checked_at": stamp,
                "quote": {
                    "exact": words(14 + nth * 3),
                    "prefix": words(15 + nth * 3)[:60],
                    "suffix": words(16 + nth * 3)[:60],
                },
                "page": {
                    **first["page"],
                    "id": public_id("pag", page),
                    "url": f"https://host-{source}.example/report/{page}",
                    "title": pool[_place(page, 2)][:60],
                },
                "source": {**first["source"], "id": public_id("src", source), "name": f"Source {source}"},
                "snapshot": {**first["snapshot"], "id": public_id("snp", page)},
            }
        )
    return {
        **body,
        "id": public_id("clm", number),
        "url": f"/api/v1/claims/{public_id('clm', number)}/",
        "text": words(3),
        "topics": topics,
        "verification": {**body["verification"], "since": stamp},
        "statements": [
            {
                **statement,
                "id": public_id("stm", number),
                "text": words(4),
                "speaker": {
                    **statement["speaker"],
                    "id": public_id("spk", speaker),
                    "name": f"Speaker {speaker} {pool[_place(speaker, 1)][:12]}",
                },
                "document": {
                    **statement["document"],
                    "id": public_id("doc", number),
                    "title": words(5)[:80],
                    "url": f"https://paper-{number % 97}.example/story/{number}",
                },
            }
        ],
        "reviews": [
            {
                **review,
                "id": public_id("rev", number),
                "article": {
                    **review["article"],
                    "id": public_id("art", number),
                    "url": f"https://desk.example/checks/{number}",
                    "title": words(3)[:80],
                },
                "rating": {**review["rating"], **rating},
                "summary": words(6),
                "body": f"{words(7)} {words(8)}",
                "published_at": stamp,
                "first_published_at": stamp,
                "evidence": evidence,
                "history": [{**review["history"][0], "rating": rating["label"], "published_at": stamp}],
            }
        ],
        "version": 1,
        "sequence": number,
        "changed_at": stamp,
        "first_published_at": stamp,
    }


def _drop_indexes(connection: psycopg.Connection, tables: Sequence[str]) -> list[str]:
    """Drop the indexes that no constraint needs. Returns the statements that create them again."""
    found = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid::regclass::text = ANY(%s)"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [list(tables)],
    ).fetchall()
    for name, _ in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [definition for _, definition in found]


def _write_log(
    connection: psycopg.Connection,
    url: str,
    body: dict[str, Any],
    rows: dict[str, Any],
    pool: list[str],
    claims: int,
) -> None:
    """Write bodies and index values from several processes, then the hash chain and the current versions."""
    for table in (*_LOG, "claims_facetcount"):
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    # The log leaves out the first claim; its date puts it last in any list.
    connection.execute("UPDATE claims_claim SET created_at = '2000-01-01' WHERE id = %s", [rows["claim"]])
    names = _columns(body)
    kinds = dict(
        connection.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = 'claims_claimversion'::regclass AND attnum > 0"
        ).fetchall()
    )
    columns = sql.SQL(", ").join(sql.SQL(f"{name} {kinds[name]}") for name in names.values())  # type: ignore[arg-type]
    connection.execute(
        sql.SQL("CREATE UNLOGGED TABLE bench_version (sequence bigint, commitment text, words text, {})").format(
            columns
        )
    )
    ratings = [{name: rating[name] for name in ("label", "value", "verdict")} for rating in rows["ratings"]]
    share = claims // PROCESSES
    bounds = [(nth * share + 1, claims if nth == PROCESSES - 1 else (nth + 1) * share) for nth in range(PROCESSES)]
    forked = multiprocessing.get_context("fork")
    processes = [
        forked.Process(target=_write_bodies, args=(url, body, ratings, pool, claims, *each)) for each in bounds
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert not any(process.exitcode for process in processes), "some bodies were not written"
    connection.execute("ANALYZE bench_version")
    connection.execute(_CHAIN)
    listed = sql.SQL(", ").join(map(sql.Identifier, names.values()))
    connection.execute(
        sql.SQL(
            "INSERT INTO claims_claimversion (claim_id, claim_public_id, audience, publication_id, sequence_from,"
            " changed_at, first_published_at, search, {names})"
            " SELECT {first} + sequence, 'clm_' || lpad(sequence::text, 16, '0'), 'everyone', sequence, sequence,"
            " at, at, to_tsvector('simple', words), {names}"
            " FROM bench_version JOIN claims_publication USING (sequence) ORDER BY sequence"
        ).format(names=listed, first=FIRST)
    )


# The same hash chain as the trigger's and that of claims.publication.append.
_CHAIN = f"""
    DO $$
    DECLARE
        previous text := repeat('0', 64);
        line bytea;
        digest text;
        version record;
        moment timestamptz;
    BEGIN
        FOR version IN SELECT sequence, commitment FROM bench_version ORDER BY sequence LOOP
            moment := timestamptz '{BEGAN.isoformat()}' + version.sequence * interval '7 minutes';
            line := sha256(convert_to(concat_ws(E'\n', 'factcheck-log/1', version.sequence,
                to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'published', 'public',
                'pub_' || lpad(version.sequence::text, 16, '0'), 'clm_' || lpad(version.sequence::text, 16, '0'),
                (SELECT public_id FROM claims_review WHERE id = {FIRST} + version.sequence), 1, version.commitment
            ), 'UTF8'));
            digest := encode(sha256(decode(previous, 'hex') || line), 'hex');
            INSERT INTO claims_publication (sequence, public_id, at, event, audience, claim_id, review_id, version,
                commitment, line_sha256, hash)
            VALUES (version.sequence, 'pub_' || lpad(version.sequence::text, 16, '0'), moment, 'published', 'public',
                {FIRST} + version.sequence, {FIRST} + version.sequence, 1, version.commitment, encode(line, 'hex'),
                digest);
            previous := digest;
        END LOOP;
    END $$
"""


def _text(value: Any) -> str:
    """The value as COPY takes it."""
    if value is None:
        return "\\N"
    if isinstance(value, list):
        return '{"' + '","'.join(value) + '"}' if value else "{}"
    return str(value)


def _columns(body: dict[str, Any]) -> dict[str, str]:
    """Return the fields of `ClaimVersion` that lists filter by, each with its column; without the searched words."""
    return {name: ClaimVersion._meta.get_field(name).column for name in append.filter_columns(body)}


def _write_bodies(
    url: str,
    body: dict[str, Any],
    ratings: Sequence[dict[str, Any]],
    pool: list[str],
    claims: int,
    first: int,
    last: int,
) -> None:
    """Write one process's share: bodies, and for each a row of the values that publishing indexes."""

    names = _columns(body)
    with psycopg.connect(url, autocommit=True) as one, psycopg.connect(url, autocommit=True) as other:
        for each in (one, other):
            each.execute("SET session_replication_role = replica")
        with (
            one.cursor().copy(
                "COPY claims_publicationbody (publication_id, json, salt, words_salt, words_sha256)"
                " FROM STDIN (FORMAT binary)"
            ) as bodies,
            other.cursor().copy("COPY bench_version FROM STDIN") as versions,
        ):
            bodies.set_types(["int8", "bytea", "bytea", "bytea", "bytea"])
            for number in range(first, last + 1):
                claim_body = _body(body, ratings[number % len(ratings)], pool, claims, number)
                data = orjson.dumps(claim_body)
                salt, words_salt = os.urandom(log_line.SALT_BYTES), os.urandom(log_line.SALT_BYTES)
                said = words_sha256(published_claim.words(claim_body), words_salt)
                bodies.write_row((number, data, salt, words_salt, said))
                columns = append.filter_columns(claim_body)
                words = append.searched_words(claim_body)
                row = [str(number), log_line.commitment(salt, data), words.replace("\n", "\\n")]
                row += [_text(columns[name]) for name in names]
                versions.write("\t".join(row) + "\n")
