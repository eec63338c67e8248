"""Triggers that keep rows which something published rests on: nobody deletes them, by whatever route."""

import pgtrigger


def kept_while_published(what: str, advice: str, *, published: str, names: str = "public_id") -> pgtrigger.Trigger:
    """Refuse a DELETE of rows that a published claim contains, or contained in an earlier version.

    `published` is the condition under which a row of `ClaimVersion` contains one of `gone`, the rows' `names`.
    """
    # Earlier versions have no index of their contents, and deletions are rare: they are read from end to end.
    held = " OR ".join(
        f"EXISTS (SELECT FROM claims_claimversion WHERE sequence_to IS {when} AND {published})"
        for when in ("NULL", "NOT NULL")
    )
    return pgtrigger.Trigger(
        name="kept_while_published",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        referencing=pgtrigger.Referencing(old="old_values"),  # type: ignore[no-untyped-call]
        declare=[("gone", "varchar[]")],
        func=f"""
            gone := ARRAY({names if " " in names else f"SELECT {names} FROM old_values"});
            IF cardinality(gone) > 0 AND ({held}) THEN
                RAISE EXCEPTION 'This {what} is part of what is published or was, so it stays. {advice}'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """,  # noqa: S608 - what is put in is ours
    )
