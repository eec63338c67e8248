"""Count who wrote what a version says of the right of reply among its authors."""

from django.db import migrations

# A copy of claims/sql/factcheck_authors.sql.
AUTHORS = r"""-- The authors of a version of a review: everybody whose change, as the audit recorded it, leads from the words that
-- two people approved last to the words as they are now. Used by claims/authorship.py and by the trigger
-- `two_persons` of claims_reviewversion.
--
-- A row for each change that counts; author_id is null where the audit names no person and no part of the program.
-- Each value has a history: first the approved one, then those that the audit recorded. Going back from the value as it
-- is now, the first who wrote it is an author, then the first who wrote the value before that, until the approved one is
-- reached. So an edit that its maker took back makes nobody an author. Who takes back what somebody else wrote is an
-- author: she decided on what leaves.
--
-- A new name, site or licence of the organisation is of whoever submits the version under it, if that is another person:
-- two people let it out then, the one who renamed and the one who submitted. Later ones count.
CREATE OR REPLACE FUNCTION factcheck_authors(version_id bigint)
RETURNS TABLE (author_id integer, actor text, part text, row_id bigint, field text, changed_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $function$
#variable_conflict use_column
DECLARE
    wanted CONSTANT bigint := factcheck_authors.version_id;
    programs CONSTANT text[] := ARRAY['demo', 'feeds', 'import', 'ingest', 'poller', 'reminders', 'sweep', 'webhooks'];
    never CONSTANT timestamptz := '-infinity';
    this_version claims_reviewversion;
    published claims_reviewversion;  -- the version of the review that was published before this one
    this_review claims_review;
    this_claim bigint;
    until timestamptz;
    said jsonb;  -- the claim as it was published last
    said_review jsonb;
    said_at timestamptz;
    claim_began timestamptz;
    version_began timestamptz;
    submission record;  -- the last one by a person, with the organisation as it was then
    history record;
    base text;
    value text;
    first integer;
    at_index integer;
    last_index integer;  -- the last entry that is not accounted for yet
    closing integer;  -- the last change among those that were taken back
    counted integer[];
    context jsonb;
BEGIN
    SELECT * INTO this_version FROM claims_reviewversion WHERE id = wanted;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO this_review FROM claims_review WHERE id = this_version.review_id;
    this_claim := this_review.claim_id;
    until := COALESCE(this_version.published_at, 'infinity');
    SELECT * INTO published FROM claims_reviewversion
        WHERE review_id = this_review.id AND state = 'published' AND number < this_version.number
        ORDER BY number DESC LIMIT 1;
    SELECT convert_from(body.json, 'UTF8')::jsonb, log.at INTO said, said_at
        FROM claims_publication AS log JOIN claims_publicationbody AS body ON body.publication_id = log.sequence
        WHERE log.claim_id = this_claim AND log.at < until ORDER BY log.version DESC LIMIT 1;
    SELECT each INTO said_review FROM jsonb_array_elements(said -> 'reviews') AS each
        WHERE each ->> 'id' = this_review.public_id;
    SELECT min(pgh_created_at) INTO claim_began FROM claims_claimevent WHERE pgh_obj_id = this_claim;
    SELECT min(pgh_created_at) INTO version_began FROM claims_reviewversionevent WHERE pgh_obj_id = wanted;
    SELECT pgh_created_at AS at, pgh_context ->> 'actor_id' AS actor INTO submission FROM (
        SELECT *, lag(state) OVER (ORDER BY pgh_id) AS was FROM claims_reviewversionevent
        WHERE pgh_obj_id = wanted AND pgh_created_at <= until
    ) AS event
    WHERE state = 'in_review' AND was IS DISTINCT FROM 'in_review' ORDER BY pgh_id DESC LIMIT 1;
    IF EXISTS (SELECT FROM claims_sender WHERE user_id::text = submission.actor)
        OR NOT EXISTS (SELECT FROM auth_user WHERE id::text = submission.actor)
    THEN
        submission.actor := NULL;  -- a newsroom was not shown the name
    END IF;

    -- One row for each value that readers see: what was approved (`said`), what the audit recorded, what stands now.
    FOR history IN
        WITH
        topic_link AS (
            SELECT topic_id FROM claims_claim_topics WHERE claim_id = this_claim
            UNION SELECT topic_id FROM claims_claimtopicsevent WHERE claim_id = this_claim
        ),
        said_statement AS (
            SELECT statement.id, each AS said FROM jsonb_array_elements(said -> 'statements') AS each
            JOIN claims_statement AS statement ON statement.public_id = each ->> 'id'
        ),
        -- Statements that were unlinked are found by the deletion of their link.
        appearance AS (
            SELECT id FROM claims_appearance WHERE claim_id = this_claim
            UNION SELECT pgh_obj_id FROM claims_appearanceevent WHERE claim_id = this_claim AND pgh_label <> 'insert'
        ),
        statement AS (
            SELECT each.id, each.document_id, said_statement.said, attributed, link.attribution_id,
                CASE WHEN attributed THEN given.speaker_id ELSE each.speaker_id END AS speaker_id
            FROM claims_appearance AS link JOIN claims_statement AS each ON each.id = link.statement_id
            LEFT JOIN claims_attribution AS given ON given.id = link.attribution_id
            LEFT JOIN said_statement ON said_statement.id = each.id
            CROSS JOIN LATERAL (
                -- Those that were deleted as well: their statement no longer speaks by its own fields alone.
                SELECT EXISTS (SELECT FROM claims_attributionevent WHERE statement_id = each.id) AS attributed
            ) AS any_attribution
            WHERE link.claim_id = this_claim
        ),
        attribution AS (
            SELECT DISTINCT event.pgh_obj_id AS id, event.public_id, statement.id AS statement_id,
                statement.said IS NOT NULL AS is_said, CASE
                    WHEN statement.said ->> 'attribution' = event.public_id
                        -- Bodies from before attributions were rows name none, and say what the statement then said.
                        OR (NOT statement.said ? 'attribution' AND statement.attribution_id = event.pgh_obj_id
                            AND COALESCE(statement.said ->> 'cue', statement.said ->> 'speaker_as_written',
                                statement.said #>> '{speaker,id}') IS NOT NULL)
                    THEN statement.said || '{"polarity": "asserted"}'
                    ELSE (
                        SELECT each FROM jsonb_array_elements(statement.said -> 'attributions') AS each
                        WHERE each ->> 'id' = event.public_id
                    )
                END AS said
            FROM statement JOIN claims_attributionevent AS event ON event.statement_id = statement.id
        ),
        speaker AS (
            SELECT each.id, max(each.public_id) AS public_id FROM statement
            JOIN claims_speaker AS each ON each.id = statement.speaker_id GROUP BY each.id
        ),
        document AS (
            SELECT each.id, max(each.public_id) AS public_id FROM statement
            JOIN claims_document AS each ON each.id = statement.document_id GROUP BY each.id
        ),
        evidence AS (
            SELECT id FROM claims_evidence WHERE version_id = wanted
            UNION SELECT pgh_obj_id FROM claims_evidenceevent WHERE version_id = wanted
        ),
        page AS (
            SELECT DISTINCT each.id, each.source_id FROM claims_evidence
            JOIN sources_page AS each ON each.id = claims_evidence.page_id WHERE claims_evidence.version_id = wanted
        ),
        -- part, row, place in the history (null: as it is now), fields, the approved ones (null: not approved yet, so
        -- they count from `since` on), since when, by whom, when
        entry (part, row_id, place, fields, approved, since, context, at) AS (
            SELECT 'version', wanted, row.place,
                jsonb_build_object(
                    'kind', row.kind, 'correction kind', row.correction_kind, 'rating', row.rating_id,
                    'summary', row.summary, 'text', row.body, 'date of the finding', row.true_as_of,
                    'public note', row.public_note, 'embargo', row.embargo_until, 'byline', row.author_id,
                    'right of reply', NULLIF(jsonb_build_array(
                        COALESCE(row.reply_asked, ''), row.reply_asked_on, row.reply_answered_on,
                        COALESCE(row.reply, ''), COALESCE(row.reply_url, ''), row.reply_none_by
                    ), '["", null, null, "", "", null]')
                ),
                jsonb_build_object(
                    'rating', published.rating_id, 'summary', published.summary, 'text', published.body,
                    'date of the finding', published.true_as_of, 'right of reply', NULLIF(jsonb_build_array(
                        COALESCE(published.reply_asked, ''), published.reply_asked_on, published.reply_answered_on,
                        COALESCE(published.reply, ''), COALESCE(published.reply_url, ''), published.reply_none_by
                    ), '["", null, null, "", "", null]')
                )
                -- Starting it makes nobody an author, but taking it over from a newsroom does.
                || (
                    SELECT jsonb_build_object('kind', kind, 'byline', author_id)
                    FROM claims_reviewversionevent WHERE pgh_obj_id = wanted ORDER BY pgh_id LIMIT 1
                ),
                never, row.pgh_context, row.pgh_created_at
            FROM (
                SELECT pgh_id AS place, kind, correction_kind, rating_id, summary, body, true_as_of, public_note,
                    reply_asked, reply_asked_on, reply_answered_on, reply, reply_url, reply_none_by,
                    embargo_until, author_id, pgh_context, pgh_created_at
                FROM claims_reviewversionevent WHERE pgh_obj_id = wanted AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, this_version.kind, this_version.correction_kind, this_version.rating_id,
                    this_version.summary, this_version.body, this_version.true_as_of, this_version.public_note,
                    this_version.reply_asked, this_version.reply_asked_on, this_version.reply_answered_on,
                    this_version.reply, this_version.reply_url, this_version.reply_none_by,
                    this_version.embargo_until, this_version.author_id, NULL, NULL
            ) AS row
        UNION ALL
            SELECT 'review', this_review.id, row.place,
                jsonb_build_object('article', article.public_id, 'organisation', row.organisation_id, 'claim', row.claim_id),
                jsonb_build_object('article', said_review -> 'article' ->> 'id')
                || (
                    -- Two people moved it with its claim, if it is where a merge brought it.
                    SELECT jsonb_build_object('organisation', organisation_id, 'claim', CASE WHEN EXISTS (
                        SELECT FROM claims_merge WHERE state = 'approved' AND this_review.id = ANY (reviews)
                    ) THEN this_claim ELSE claim_id END)
                    FROM claims_reviewevent WHERE pgh_obj_id = this_review.id ORDER BY pgh_id LIMIT 1
                ),
                COALESCE(said_at, never), row.pgh_context, row.pgh_created_at
            FROM (
                SELECT pgh_id AS place, article_id, organisation_id, claim_id, pgh_context, pgh_created_at
                FROM claims_reviewevent WHERE pgh_obj_id = this_review.id AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, this_review.article_id, this_review.organisation_id, this_review.claim_id, NULL, NULL
            ) AS row LEFT JOIN claims_article AS article ON article.id = row.article_id
        UNION ALL
            SELECT 'evidence', evidence.id, row.place, jsonb_build_object('evidence', row.fields), (
                    SELECT jsonb_build_object('evidence', to_jsonb(copied) - '{id,public_id,version_id,copied_from_id,created_at}'::text[])
                    FROM claims_evidenceevent AS copy JOIN claims_evidence AS copied ON copied.id = copy.copied_from_id
                    WHERE copy.pgh_obj_id = evidence.id AND copied.version_id = published.id
                    ORDER BY copy.pgh_id LIMIT 1
                ), NULL, row.pgh_context, row.pgh_created_at
            FROM evidence CROSS JOIN LATERAL (
                SELECT pgh_id AS place, pgh_context, pgh_created_at,
                    CASE WHEN pgh_label <> 'delete' AND version_id = wanted THEN
                        to_jsonb(event) - '{id,public_id,version_id,copied_from_id,created_at}'::text[]
                        - '{pgh_id,pgh_obj_id,pgh_label,pgh_context,pgh_context_id,pgh_created_at}'::text[]
                    END AS fields
                FROM claims_evidenceevent AS event WHERE pgh_obj_id = evidence.id
                UNION ALL
                SELECT NULL, NULL, NULL, (
                    SELECT to_jsonb(now) - '{id,public_id,version_id,copied_from_id,created_at}'::text[]
                    FROM claims_evidence AS now WHERE now.id = evidence.id AND now.version_id = wanted
                )
            ) AS row
        UNION ALL
            -- Evidence of the published version that was not copied, of which the audit knows nothing.
            SELECT 'evidence', lost.id, NULL, '{"evidence": null}', '{"evidence": "published"}', never, NULL, NULL
            FROM claims_evidence AS lost
            WHERE lost.version_id = published.id AND NOT EXISTS (
                SELECT FROM evidence JOIN claims_evidenceevent AS copy ON copy.pgh_obj_id = evidence.id
                WHERE copy.copied_from_id = lost.id
            )
        UNION ALL
            SELECT 'claim', this_claim, row.place,
                jsonb_build_object(
                    'text', row.text, 'language', row.language, 'first day', row.period_start, 'last day', row.period_end,
                    'place', row.place_name, 'repeated claim', (
                        SELECT repeated.public_id FROM claims_claim AS repeated WHERE repeated.id = row.repeats_id
                        AND EXISTS (SELECT FROM claims_publication AS log WHERE log.claim_id = repeated.id)
                    )
                ),
                jsonb_build_object(
                    'text', said ->> 'text', 'language', said ->> 'language', 'first day', said #>> '{period,start}',
                    'last day', said #>> '{period,end}', 'place', said ->> 'place', 'repeated claim', said ->> 'repeats'
                ),
                COALESCE(said_at, never), row.pgh_context, row.pgh_created_at
            FROM (
                SELECT pgh_id AS place, text, language, period_start, period_end, place AS place_name, repeats_id,
                    pgh_context, pgh_created_at
                FROM claims_claimevent WHERE pgh_obj_id = this_claim AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, text, language, period_start, period_end, place, repeats_id, NULL, NULL
                FROM claims_claim WHERE id = this_claim
            ) AS row
        UNION ALL
            SELECT 'topics', topic_link.topic_id, row.place, jsonb_build_object('link', row.linked),
                jsonb_build_object('link', (
                    SELECT 'linked' FROM claims_topicevent AS name
                    JOIN jsonb_array_elements(said -> 'topics') AS each ON each ->> 'slug' = name.slug
                    WHERE name.pgh_obj_id = topic_link.topic_id LIMIT 1
                )), COALESCE(said_at, never), row.pgh_context, row.pgh_created_at
            FROM topic_link CROSS JOIN LATERAL (
                SELECT pgh_id AS place, CASE WHEN pgh_label <> 'delete' THEN 'linked' END AS linked, pgh_context,
                    pgh_created_at
                FROM claims_claimtopicsevent WHERE claim_id = this_claim AND topic_id = topic_link.topic_id
                UNION ALL
                SELECT NULL, (
                    SELECT 'linked' FROM claims_claim_topics
                    WHERE claim_id = this_claim AND topic_id = topic_link.topic_id
                ), NULL, NULL
            ) AS row
        UNION ALL
            SELECT 'statements', link.statement_id, link.place,
                jsonb_build_object('link', link.linked, 'attribution', link.attribution),
                jsonb_build_object('link', (
                    SELECT 'linked' FROM said_statement WHERE said_statement.id = link.statement_id
                ), 'attribution', (
                    SELECT said_statement.said ->> 'attribution' FROM said_statement
                    WHERE said_statement.id = link.statement_id
                )), COALESCE(said_at, never), link.pgh_context, link.pgh_created_at
            FROM (
                SELECT link.statement_id, link.place, link.linked, given.public_id AS attribution, link.pgh_context,
                    link.pgh_created_at
                FROM (
                    SELECT statement_id, pgh_id AS place, CASE WHEN pgh_label <> 'delete' THEN 'linked' END AS linked,
                        CASE WHEN pgh_label <> 'delete' THEN attribution_id END AS attribution_id, pgh_context,
                        pgh_created_at
                    FROM claims_appearanceevent JOIN appearance ON pgh_obj_id = appearance.id
                    WHERE claim_id = this_claim
                    UNION ALL
                    SELECT statement_id, NULL, 'linked', attribution_id, NULL, NULL FROM claims_appearance
                    WHERE claim_id = this_claim
                ) AS link LEFT JOIN claims_attribution AS given ON given.id = link.attribution_id
                UNION ALL
                SELECT said_statement.id, NULL, NULL, NULL, NULL, NULL FROM said_statement
                WHERE NOT EXISTS (
                    SELECT FROM claims_appearance WHERE claim_id = this_claim AND statement_id = said_statement.id
                )
            ) AS link
        UNION ALL
            SELECT 'statement', statement.id, row.place,
                jsonb_build_object(
                    'text', row.text,
                    'document', (SELECT public_id FROM claims_document WHERE id = row.document_id)
                ) || CASE WHEN statement.attributed THEN '{}' ELSE jsonb_build_object(
                    'speaker', (SELECT public_id FROM claims_speaker WHERE id = row.speaker_id),
                    'speaker as written', row.speaker_as_written, 'cue', row.cue, 'quoted', row.quoted
                ) END,
                CASE WHEN statement.said IS NOT NULL THEN jsonb_build_object(
                    'text', statement.said ->> 'text', 'speaker', statement.said #>> '{speaker,id}',
                    'speaker as written', statement.said ->> 'speaker_as_written', 'cue', statement.said ->> 'cue',
                    'quoted', statement.said -> 'quoted',
                    'document', statement.said #>> '{document,id}'
                ) END, CASE WHEN statement.said IS NULL THEN claim_began ELSE said_at END,
                row.pgh_context, row.pgh_created_at
            FROM statement CROSS JOIN LATERAL (
                SELECT pgh_id AS place, text, speaker_id, speaker_as_written, cue, quoted, document_id,
                    pgh_context, pgh_created_at
                FROM claims_statementevent WHERE pgh_obj_id = statement.id AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, text, speaker_id, speaker_as_written, cue, quoted, document_id, NULL, NULL
                FROM claims_statement WHERE id = statement.id
            ) AS row
        UNION ALL
            SELECT 'attribution', attribution.id, row.place, jsonb_build_object('attribution', row.fields),
                CASE WHEN attribution.is_said THEN jsonb_build_object('attribution',
                    CASE WHEN attribution.said IS NOT NULL THEN jsonb_build_object(
                        'speaker', attribution.said #>> '{speaker,id}',
                        'speaker as written', COALESCE(attribution.said ->> 'speaker_as_written', ''),
                        'cue', COALESCE(attribution.said ->> 'cue', ''), 'quoted', attribution.said -> 'quoted',
                        'content', attribution.said -> 'content', 'polarity', attribution.said ->> 'polarity'
                    ) END
                ) END, CASE WHEN attribution.is_said THEN said_at ELSE claim_began END,
                row.pgh_context, row.pgh_created_at
            FROM attribution CROSS JOIN LATERAL (
                SELECT each.place, each.pgh_context, each.pgh_created_at, CASE WHEN each.is_there THEN jsonb_build_object(
                    -- Only the speaker by whom a body names the one that the claim hangs on.
                    'speaker', CASE WHEN attribution.said IS NULL OR attribution.said ? 'speaker' THEN (
                        SELECT public_id FROM claims_speaker WHERE id = each.speaker_id
                    ) END,
                    'speaker as written', each.speaker_as_written, 'cue', each.cue, 'quoted', each.quoted,
                    'content', CASE WHEN each.is_placed THEN each.words END,
                    'polarity', each.polarity
                ) END AS fields
                FROM (
                    SELECT pgh_id AS place, pgh_context, pgh_created_at, pgh_label <> 'delete', speaker_id,
                        speaker_as_written, cue, quoted, polarity, content, start IS NOT NULL OR mended_at IS NOT NULL
                    FROM claims_attributionevent WHERE pgh_obj_id = attribution.id
                    UNION ALL
                    SELECT NULL, NULL, NULL, now.id IS NOT NULL, speaker_id, speaker_as_written, cue, quoted, polarity,
                        content, start IS NOT NULL OR mended_at IS NOT NULL
                    FROM (SELECT) AS one LEFT JOIN claims_attribution AS now ON now.id = attribution.id
                ) AS said_row (place, pgh_context, pgh_created_at, is_there, speaker_id, speaker_as_written, cue,
                    quoted, polarity, spans, is_placed)
                CROSS JOIN LATERAL (
                    SELECT said_row.*, (
                        SELECT COALESCE(jsonb_agg(
                            substr(text, (span ->> 0)::int - start + 1, (span ->> 1)::int - (span ->> 0)::int)
                            ORDER BY place_of
                        ), '[]') FROM jsonb_array_elements(said_row.spans) WITH ORDINALITY AS part (span, place_of)
                    ) AS words
                    FROM claims_statement WHERE claims_statement.id = attribution.statement_id
                ) AS each
            ) AS row
        UNION ALL
            SELECT 'speaker', speaker.id, row.place,
                jsonb_build_object('name', row.name, 'kind', row.kind, 'role', row.role, 'wikidata_id', row.wikidata_id),
                known.said, CASE WHEN known.said IS NULL THEN claim_began ELSE said_at END,
                row.pgh_context, row.pgh_created_at
            FROM speaker LEFT JOIN LATERAL (
                SELECT each -> 'speaker' AS said FROM jsonb_array_elements(said -> 'statements') AS each
                WHERE each #>> '{speaker,id}' = speaker.public_id LIMIT 1
            ) AS known ON true CROSS JOIN LATERAL (
                SELECT pgh_id AS place, name, kind, role, wikidata_id, pgh_context, pgh_created_at
                FROM claims_speakerevent WHERE pgh_obj_id = speaker.id AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, name, kind, role, wikidata_id, NULL, NULL FROM claims_speaker WHERE id = speaker.id
            ) AS row
        UNION ALL
            SELECT 'document', document.id, row.place,
                jsonb_build_object(
                    'kind', row.kind, 'title', row.title, 'url', row.url, 'publisher', row.publisher,
                    'published_on', row.published_on, 'language', row.language
                ),
                known.said, CASE WHEN known.said IS NULL THEN claim_began ELSE said_at END,
                row.pgh_context, row.pgh_created_at
            FROM document LEFT JOIN LATERAL (
                SELECT each -> 'document' AS said FROM jsonb_array_elements(said -> 'statements') AS each
                WHERE each #>> '{document,id}' = document.public_id LIMIT 1
            ) AS known ON true CROSS JOIN LATERAL (
                SELECT pgh_id AS place, kind, title, url, publisher, published_on, language, pgh_context, pgh_created_at
                FROM claims_documentevent WHERE pgh_obj_id = document.id AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, kind, title, url, publisher, published_on, language, NULL, NULL
                FROM claims_document WHERE id = document.id
            ) AS row
        UNION ALL
            SELECT 'topic', link.topic_id, row.place, jsonb_build_object('slug', row.slug, 'name', row.name),
                known.said, CASE WHEN known.said IS NULL THEN claim_began ELSE said_at END,
                row.pgh_context, row.pgh_created_at
            FROM claims_claim_topics AS link LEFT JOIN LATERAL (
                SELECT each AS said FROM jsonb_array_elements(said -> 'topics') AS each
                JOIN claims_topicevent AS name ON name.slug = each ->> 'slug'
                WHERE name.pgh_obj_id = link.topic_id LIMIT 1
            ) AS known ON true CROSS JOIN LATERAL (
                SELECT pgh_id AS place, slug, name, pgh_context, pgh_created_at
                FROM claims_topicevent WHERE pgh_obj_id = link.topic_id AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, slug, name, NULL, NULL FROM claims_topic WHERE id = link.topic_id
            ) AS row
            WHERE link.claim_id = this_claim
        UNION ALL
            SELECT 'organisation', this_review.organisation_id, row.place,
                jsonb_build_object('name', row.name, 'site', row.site, 'licence', row.licence),
                said_review -> 'organisation' || jsonb_build_object('licence', said_review -> 'licence'),
                CASE WHEN said_review IS NULL THEN version_began ELSE said_at END, row.pgh_context, row.pgh_created_at
            FROM (
                SELECT pgh_id AS place, name, site, licence, pgh_context, pgh_created_at FROM claims_organisationevent
                WHERE pgh_obj_id = this_review.organisation_id AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, name, site, licence, NULL, NULL FROM claims_organisation
                WHERE id = this_review.organisation_id
            ) AS row
        UNION ALL
            SELECT 'article', this_review.article_id, row.place,
                jsonb_build_object('url', row.url, 'title', row.title, 'language', row.language), row.said,
                CASE WHEN row.said IS NULL THEN version_began ELSE said_at END, row.pgh_context, row.pgh_created_at
            FROM (
                SELECT event.*, CASE WHEN said_review #>> '{article,id}' = event.public_id
                    THEN said_review -> 'article' END AS said
                FROM (
                    SELECT pgh_id AS place, public_id, url, title, language, pgh_context, pgh_created_at
                    FROM claims_articleevent WHERE pgh_obj_id = this_review.article_id AND pgh_label <> 'delete'
                    UNION ALL
                    SELECT NULL, public_id, url, title, language, NULL, NULL FROM claims_article
                    WHERE id = this_review.article_id
                ) AS event
            ) AS row
        UNION ALL
            SELECT 'rating', this_version.rating_id, row.place,
                jsonb_build_object('label', row.label, 'value', row.value, 'verdict', row.verdict),
                CASE WHEN published.rating_id = this_version.rating_id THEN NULLIF(said_review -> 'rating', 'null') END,
                CASE WHEN published.rating_id = this_version.rating_id AND said_review -> 'rating' <> 'null'
                    THEN said_at ELSE version_began END,
                row.pgh_context, row.pgh_created_at
            FROM (
                SELECT pgh_id AS place, label, value, verdict, pgh_context, pgh_created_at FROM claims_ratingevent
                WHERE pgh_obj_id = this_version.rating_id AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, label, value, verdict, NULL, NULL FROM claims_rating WHERE id = this_version.rating_id
            ) AS row
        UNION ALL
            SELECT 'rating scale', scale.id, row.place, jsonb_build_object('name', row.name), known.said,
                CASE WHEN known.said IS NULL THEN version_began ELSE said_at END, row.pgh_context, row.pgh_created_at
            FROM claims_rating JOIN claims_ratingscale AS scale ON scale.id = scale_id
            LEFT JOIN LATERAL (
                SELECT said_review #> '{rating,scale}' AS said
                WHERE said_review #>> '{rating,scale,id}' = scale.public_id
            ) AS known ON true
            CROSS JOIN LATERAL (
                SELECT pgh_id AS place, name, pgh_context, pgh_created_at FROM claims_ratingscaleevent
                WHERE pgh_obj_id = scale.id AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, name, NULL, NULL FROM claims_ratingscale WHERE id = scale.id
            ) AS row
            WHERE claims_rating.id = this_version.rating_id
        UNION ALL
            SELECT 'page', page.id, row.place,
                jsonb_build_object(
                    'url', row.url, 'title', row.title,
                    'source', (SELECT public_id FROM sources_source WHERE id = row.source_id)
                ), known.said,
                CASE WHEN known.said IS NULL THEN version_began ELSE said_at END, row.pgh_context, row.pgh_created_at
            FROM page CROSS JOIN LATERAL (
                SELECT pgh_id AS place, public_id, url, title, source_id, pgh_context, pgh_created_at
                FROM sources_pageevent WHERE pgh_obj_id = page.id AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, public_id, url, title, source_id, NULL, NULL FROM sources_page WHERE id = page.id
            ) AS row LEFT JOIN LATERAL (
                SELECT each -> 'page' || jsonb_build_object('source', each #>> '{source,id}') AS said
                FROM jsonb_array_elements(said_review -> 'evidence') AS each
                WHERE each #>> '{page,id}' = row.public_id LIMIT 1
            ) AS known ON true
        UNION ALL
            SELECT 'source', page.source_id, row.place, jsonb_build_object('name', row.name, 'kind', row.kind),
                known.said, CASE WHEN known.said IS NULL THEN version_began ELSE said_at END,
                row.pgh_context, row.pgh_created_at
            FROM (SELECT DISTINCT source_id FROM page) AS page CROSS JOIN LATERAL (
                SELECT pgh_id AS place, public_id, name, kind, pgh_context, pgh_created_at FROM sources_sourceevent
                WHERE pgh_obj_id = page.source_id AND pgh_label <> 'delete'
                UNION ALL
                SELECT NULL, public_id, name, kind, NULL, NULL FROM sources_source WHERE id = page.source_id
            ) AS row LEFT JOIN LATERAL (
                SELECT each -> 'source' AS said FROM jsonb_array_elements(said_review -> 'evidence') AS each
                WHERE each #>> '{source,id}' = row.public_id LIMIT 1
            ) AS known ON true
        )
        SELECT entry.part, entry.row_id, one.key AS field,
            bool_or(entry.approved IS NOT NULL) AS is_approved,
            max(NULLIF(entry.approved ->> one.key, '')) AS approved, max(entry.since) AS since,
            max(NULLIF(one.value, '')) FILTER (WHERE place IS NULL) AS now,
            COALESCE(array_agg(NULLIF(one.value, '') ORDER BY place) FILTER (WHERE place IS NOT NULL), '{}') AS written,
            array_agg(entry.context ORDER BY place) FILTER (WHERE place IS NOT NULL) AS contexts,
            array_agg(entry.at ORDER BY place) FILTER (WHERE place IS NOT NULL) AS times
        FROM entry, jsonb_each_text(entry.fields) AS one
        WHERE entry.at IS NULL OR entry.at <= until
        GROUP BY entry.part, entry.row_id, one.key
    LOOP
        first := 0;  -- the last entry of the history that the approved value includes
        IF history.is_approved OR history.part = 'evidence' THEN
            base := history.approved;
            FOR i IN REVERSE cardinality(history.written)..1 LOOP
                IF history.times[i] <= history.since AND history.written[i] IS NOT DISTINCT FROM base THEN
                    first := i;
                    EXIT;
                END IF;
            END LOOP;
        ELSE
            FOR i IN 1..cardinality(history.written) LOOP
                IF i = 1 OR history.times[i] <= history.since THEN
                    first := i;
                END IF;
            END LOOP;
            base := history.written[first];
        END IF;
        value := CASE WHEN until = 'infinity' THEN history.now ELSE history.written[cardinality(history.written)] END;
        last_index := cardinality(history.written);
        counted := '{}';
        LOOP
            at_index := first;
            IF value IS DISTINCT FROM base THEN
                at_index := array_position(history.written, value, first + 1);
            END IF;
            -- Between `at_index` and `last_index` the value left and came back.
            closing := NULL;
            FOR i IN REVERSE last_index..COALESCE(at_index, last_index) + 1 LOOP
                CONTINUE WHEN history.written[i]
                    IS NOT DISTINCT FROM CASE WHEN i = first + 1 THEN base ELSE history.written[i - 1] END;
                IF closing IS NULL THEN
                    closing := i;
                ELSIF COALESCE(history.contexts[i] ->> 'actor_id', history.contexts[i] ->> 'actor')
                    IS DISTINCT FROM
                    COALESCE(history.contexts[closing] ->> 'actor_id', history.contexts[closing] ->> 'actor')
                THEN
                    counted := counted || closing;
                    EXIT;
                END IF;
            END LOOP;
            EXIT WHEN value IS NOT DISTINCT FROM base;
            -- Null if the audit does not know how the value came here.
            counted := array_append(counted, at_index);
            last_index := COALESCE(at_index - 1, cardinality(history.written));
            value := CASE WHEN last_index = first THEN base ELSE history.written[last_index] END;
        END LOOP;
        FOREACH at_index IN ARRAY counted LOOP
            part := history.part;
            row_id := history.row_id;
            field := history.field;
            context := history.contexts[at_index];
            actor := context ->> 'actor';
            changed_at := history.times[at_index];
            CONTINUE WHEN history.part = 'organisation' AND changed_at <= submission.at
                AND context ->> 'actor_id' <> submission.actor
                AND EXISTS (SELECT FROM auth_user WHERE id::text = context ->> 'actor_id');
            IF jsonb_typeof(context -> 'actor_id') = 'number' THEN
                SELECT id INTO author_id FROM auth_user WHERE id = (context ->> 'actor_id')::bigint;
                RETURN NEXT;
            ELSIF actor IS NULL OR actor <> ALL (programs) THEN
                SELECT id INTO author_id FROM auth_user WHERE username = actor;
                RETURN NEXT;
            END IF;
        END LOOP;
    END LOOP;

    -- Who suggested a weighty change that was accepted is an author beside the person who accepted it.
    RETURN QUERY SELECT suggestion.suggested_by_id, account.username::text, 'suggestion', suggestion.id,
            suggestion.field::text, suggestion.decided_at
        FROM claims_suggestion AS suggestion JOIN auth_user AS account ON account.id = suggestion.suggested_by_id
        WHERE suggestion.version_id = wanted AND suggestion.state = 'accepted' AND suggestion.is_weighty;
END
$function$;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0040_right_of_reply")]
    operations = [migrations.RunSQL(sql=AUTHORS, reverse_sql=migrations.RunSQL.noop)]
