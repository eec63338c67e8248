"""Say which passages of a page are watched now: the ids that the poller asks for at each poll."""

from collections.abc import Mapping, Sequence

from sources.models import Polling


def set_watched(wanted: Mapping[int, Sequence[int]], *, replaced: Mapping[int, int] | None = None) -> None:
    """Set the passages that are watched on each page (by its id). The caller is in a transaction.

    A passage that stays keeps the time at which it was last seen. So does one that replaces another of the same
    bytes: `replaced` names the old one by the new.
    """
    before = replaced or {}
    states = Polling.objects.select_for_update().filter(page__in=list(wanted)).order_by("page_id")
    for state in states.only("page_id", "passages", "seen_at"):
        seen = dict(zip(state.passages, state.seen_at, strict=False))
        passages = sorted(set(wanted[state.page_id]))
        if passages == state.passages:
            continue
        Polling.objects.filter(page=state.page_id).update(
            passages=passages, seen_at=[seen.get(each, seen.get(before.get(each, 0))) for each in passages]
        )
