-- Who made keys of the newsroom by which drafts can be written, and until when that counts: whoever made a key can write
-- with it for as long as it lives, and what was written stays for 72 hours. A maker whom the audit does not name (null)
-- counts for 72 hours, and not at all before anything was ever published. Asked by factcheck_makers of claims.
CREATE OR REPLACE FUNCTION factcheck_key_makers(newsroom text) RETURNS TABLE (maker bigint, until timestamptz)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $function$
    SELECT made.maker, max(made.until) FROM (
        SELECT each.maker, CASE
            WHEN each.maker IS NULL THEN each.at + interval '72 hours'
            WHEN key.revoked_at IS NULL AND COALESCE(key.expires_at, 'infinity') > clock_timestamp() THEN 'infinity'
            ELSE greatest(each.last, CASE WHEN key.revoked_at IS NULL THEN key.expires_at END) + interval '72 hours'
        END AS until, each.at
        FROM (
            SELECT event.pgh_obj_id AS key_id, (event.pgh_context ->> 'actor_id')::bigint AS maker,
                event.pgh_created_at AS at,
                (SELECT max(pgh_created_at) FROM newsrooms_apikeyevent WHERE pgh_obj_id = event.pgh_obj_id) AS last
            FROM newsrooms_apikeyevent AS event
            WHERE event.newsroom_id IN (
                SELECT id FROM newsrooms_newsroom WHERE public_id = factcheck_key_makers.newsroom
            )
            AND event.pgh_label <> 'delete'
            AND EXISTS (
                SELECT FROM newsrooms_apikeyevent AS able
                WHERE able.pgh_obj_id = event.pgh_obj_id AND 'write' = ANY (able.scopes)
            )
            -- Whoever only revokes or prolongs a key does not know it.
            AND NOT EXISTS (
                SELECT FROM newsrooms_apikeyevent AS before
                WHERE before.pgh_obj_id = event.pgh_obj_id AND before.pgh_id < event.pgh_id
                    AND (before.newsroom_id, before.secret_sha256) = (event.newsroom_id, event.secret_sha256)
            )
        ) AS each LEFT JOIN newsrooms_apikey AS key ON key.id = each.key_id
    ) AS made
    WHERE made.until > clock_timestamp()
        AND (made.maker IS NOT NULL OR made.at >= (SELECT min(at) FROM claims_publication))
    GROUP BY made.maker
$function$;
