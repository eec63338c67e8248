"""Triggers that note which published claims an edit touches, so that the desk finds them without rendering them all."""

import pgtrigger

# Imports write parts of their own, which differ from nothing, and bring thousands of links at once.
_IS_IMPORT = "NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason' = 'import'"


def _note(claims: str) -> str:
    return f"""
        INSERT INTO claims_unpublishededit (claim_id, changed_at, kind)
        SELECT claim_id, clock_timestamp(), '' FROM (SELECT DISTINCT claim_id FROM ({claims}) AS found) AS edited
        WHERE EXISTS (SELECT FROM claims_publication WHERE claim_id = edited.claim_id)
        ORDER BY claim_id
        ON CONFLICT (claim_id) DO UPDATE SET changed_at = excluded.changed_at, kind = '';
        RETURN NULL;
    """  # noqa: S608 - what is put in is ours


def edit_is_noted(claims: str, *, of: tuple[str, ...]) -> pgtrigger.Trigger:
    """Note the claims of this SELECT when one of these columns, which are published, changes in a row."""
    changed = [", ".join(f"{row}.{column}" for column in of) for row in ("NEW", "OLD")]
    return pgtrigger.Trigger(
        name="edit_is_noted",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        func=f"""
            IF ROW({changed[0]}) IS NOT DISTINCT FROM ROW({changed[1]}) THEN
                RETURN NULL;
            END IF;
            {_note(claims)}
        """,
    )


def links_are_noted() -> list[pgtrigger.Trigger]:
    """Note the claims of links that are made or ended."""
    return [
        pgtrigger.Trigger(
            name="new_links_are_noted",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
            func=f"""
                IF {_IS_IMPORT} THEN
                    RETURN NULL;
                END IF;
                {_note("SELECT claim_id FROM new_values")}
            """,  # noqa: S608 - what is put in is ours
        ),
        pgtrigger.Trigger(
            name="ended_links_are_noted",
            when=pgtrigger.After,
            operation=pgtrigger.Delete | pgtrigger.Update,
            func=_note("SELECT OLD.claim_id"),
        ),
    ]
