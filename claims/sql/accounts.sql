-- The log of accounts (claims/models/accounts/change.py), which triggers on Django's own tables write.

-- Whether the account may approve reviews: as claims/permissions.py has it, and if a superuser gives herself a role.
CREATE OR REPLACE FUNCTION factcheck_may_approve(account bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $function$
    SELECT EXISTS (
        SELECT FROM auth_user WHERE id = account AND is_active AND (
            is_superuser
            OR EXISTS (
                SELECT FROM auth_user_user_permissions AS own JOIN auth_permission ON auth_permission.id = permission_id
                WHERE own.user_id = account AND codename = 'approve_review'
            )
            OR EXISTS (
                SELECT FROM auth_user_groups AS member JOIN auth_group_permissions USING (group_id)
                JOIN auth_permission ON auth_permission.id = permission_id
                WHERE member.user_id = account AND codename = 'approve_review'
            )
        )
    )
$function$;

-- Who made the account within 72 hours before a time, or later, when, and until when that counts; null for a maker whom
-- the audit does not name. What was done before anything was ever published does not count.
CREATE OR REPLACE FUNCTION factcheck_makers(account bigint, before timestamptz)
RETURNS TABLE (maker bigint, at timestamptz, until timestamptz)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT DISTINCT change.maker_id::bigint, change.at, change.at + interval '72 hours' FROM claims_accountchange AS change
        WHERE change.account_id = factcheck_makers.account AND change.makes AND NOT change.exempt
            AND change.at > factcheck_makers.before - interval '72 hours'
            -- The account that stands in for a newsroom is made by the program, with its first draft.
            AND NOT (
                change.maker_id IS NULL AND change.what IN ('created', 'username') AND EXISTS (
                    SELECT FROM claims_sender JOIN auth_user ON auth_user.id = user_id
                    WHERE user_id = factcheck_makers.account AND NOT is_active
                )
            );
    RETURN QUERY
        SELECT key.maker, clock_timestamp(), key.until FROM claims_sender AS sender
        CROSS JOIN LATERAL factcheck_key_makers(sender.newsroom) AS key
        WHERE sender.user_id = factcheck_makers.account;
END
$function$;

-- The account itself, its makers, and those who made these within 72 hours before they made it, or later: one person may
-- be behind them all, until the time given.
CREATE OR REPLACE FUNCTION factcheck_circle(account bigint) RETURNS TABLE (member bigint, until timestamptz)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $function$
    WITH RECURSIVE circle (member, until, made_at) AS (
        SELECT factcheck_circle.account, 'infinity'::timestamptz, clock_timestamp()
        UNION
        SELECT made.maker, CASE WHEN circle.until = 'infinity' THEN made.until ELSE circle.until END,
            least(circle.made_at, made.at)
        FROM circle CROSS JOIN LATERAL factcheck_makers(circle.member, circle.made_at) AS made
    )
    SELECT circle.member, max(circle.until) FROM circle GROUP BY circle.member
$function$;

-- Through whom one person may be behind both accounts, and until when; no row if they are two people's for sure. That an
-- account is itself is for others to see: of one account, only makers whom the audit does not name are given, who count
-- as everybody. Every rule that wants a second person asks this.
CREATE OR REPLACE FUNCTION factcheck_same_hand(one bigint, other bigint)
RETURNS TABLE (member bigint, until timestamptz)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $function$
    SELECT common.member, max(common.until) FROM (
        SELECT mine.member, least(mine.until, theirs.until) AS until
        FROM factcheck_circle(factcheck_same_hand.one) AS mine
        JOIN factcheck_circle(factcheck_same_hand.other) AS theirs ON theirs.member = mine.member
        WHERE factcheck_same_hand.one <> factcheck_same_hand.other
        UNION ALL
        SELECT NULL, mine.until FROM factcheck_circle(factcheck_same_hand.one) AS mine WHERE mine.member IS NULL
        UNION ALL
        SELECT NULL, theirs.until FROM factcheck_circle(factcheck_same_hand.other) AS theirs
        WHERE theirs.member IS NULL
    ) AS common GROUP BY common.member
$function$;

-- Until when the reader cannot mark as read what this maker did to accounts; null if she can. Whoever let the reader in
-- within 72 hours may be the one who reads.
CREATE OR REPLACE FUNCTION factcheck_unread_until(reader bigint, maker bigint) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $function$
    SELECT max(least(hers.until, theirs.until))
    FROM factcheck_circle(factcheck_unread_until.reader) AS hers
    JOIN factcheck_circle(factcheck_unread_until.maker) AS theirs
        ON hers.member = theirs.member OR hers.member IS NULL OR theirs.member IS NULL
    WHERE hers.member IS DISTINCT FROM factcheck_unread_until.reader
$function$;

CREATE OR REPLACE FUNCTION factcheck_log_account(
    account bigint, named text, what text, detail text, makes boolean
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $function$
DECLARE
    context jsonb := COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb, '{}');
BEGIN
    INSERT INTO claims_accountchange
        (account_id, username, what, detail, maker_id, maker_name, reason, makes, may_approve, exempt, at)
    VALUES (
        account, named, what, detail, (context ->> 'actor_id')::integer, COALESCE(context ->> 'actor', ''),
        COALESCE(context ->> 'reason', context ->> 'url', ''), makes, factcheck_may_approve(account),
        NOT EXISTS (SELECT FROM claims_publication), clock_timestamp()
    );
END
$function$;
