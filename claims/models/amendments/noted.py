"""Triggers that note which published claims an edit touches, so that the desk finds them without rendering them all."""

import pgtrigger

_REASON = "NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason'"
# Imports write parts of their own, which differ from nothing, and bring thousands of links at once.
IS_IMPORT = f"{_REASON} = 'import'"
# An upgrade writes what is published as it was before.
IS_UPGRADE = f"{_REASON} IN ('import', 'upgrade')"
"""SQL for whether an import or the upgrade of earlier data writes."""


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


def links_are_noted(
    *,
    new: str = "SELECT claim_id FROM new_values",
    ended: str = "SELECT OLD.claim_id",
    ended_by: pgtrigger.Operation | pgtrigger.Operations = pgtrigger.Delete | pgtrigger.Update,
    unless: str = "",
) -> list[pgtrigger.Trigger]:
    """Note the claims of links that are made or ended; `new` and `ended` select them, `unless` a condition holds."""
    return [
        pgtrigger.Trigger(
            name="new_links_are_noted",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
            func=f"""
                IF {unless or IS_IMPORT} THEN
                    RETURN NULL;
                END IF;
                {_note(new)}
            """,
        ),
        pgtrigger.Trigger(
            name="ended_links_are_noted",
            when=pgtrigger.After,
            operation=ended_by,
            func=(f"IF {unless} THEN RETURN NULL; END IF;" if unless else "") + _note(ended),
        ),
    ]
