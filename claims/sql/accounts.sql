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

-- Those who made the account within 72 hours, by the database's clock, and those who made these; null for a maker whom
-- the audit does not name. What was done before anything was ever published does not count.
CREATE OR REPLACE FUNCTION factcheck_makers(account bigint) RETURNS TABLE (maker bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $function$
    WITH RECURSIVE made (maker) AS (
        SELECT change.maker_id::bigint FROM claims_accountchange AS change
        WHERE change.account_id = factcheck_makers.account AND change.makes AND NOT change.exempt
            AND change.at > clock_timestamp() - interval '72 hours'
        UNION
        SELECT change.maker_id::bigint FROM made JOIN claims_accountchange AS change ON change.account_id = made.maker
        WHERE change.makes AND NOT change.exempt AND change.at > clock_timestamp() - interval '72 hours'
    )
    SELECT made.maker FROM made WHERE made.maker IS DISTINCT FROM factcheck_makers.account
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
