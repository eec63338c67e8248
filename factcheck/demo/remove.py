"""Count the rows that are not the demo's; `manage.py demo remove` drops the database only if there are none.

The logs cannot lose rows, so that the demo can be removed only together with the whole database.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model, Q

from claims.roles import GROUPS
from factcheck.demo import DEMO_ACCOUNTS, DEMO_TOPICS

# The demo's rows of each model. All other rows are somebody's work.
DEMO_ROWS: dict[str, Q] = {
    "claims.Claim": Q(is_demo=True),
    "claims.Document": Q(is_demo=True),
    "claims.Speaker": Q(is_demo=True),
    "claims.Organisation": Q(is_demo=True),
    "claims.RatingScale": Q(organisation__is_demo=True),
    "claims.Article": Q(organisation__is_demo=True),
    "claims.Topic": Q(slug__in=DEMO_TOPICS),
    "claims.Review": Q(claim__is_demo=True, organisation__is_demo=True),
    "claims.Tip": Q(pk__in=[]),
    "claims.TipGroup": Q(pk__in=[]),
    "claims.Complaint": Q(pk__in=[]),
    "claims.Import": Q(pk__in=[]),
    "claims.CheckImport": Q(pk__in=[]),
    "claims.ChatWebhook": Q(pk__in=[]),
    "claims.PageProposal": Q(pk__in=[]),
    "claims.Submission": Q(pk__in=[]),
    "claims.MarkupPage": Q(pk__in=[]),
    "sources.Source": Q(is_demo=True),
    "sources.Page": Q(is_demo=True),
    "sources.Feed": Q(page__is_demo=True),
    "newsrooms.Newsroom": Q(is_demo=True),
    "newsrooms.WebhookEndpoint": Q(newsroom__is_demo=True),
    "auth.User": Q(username__in=DEMO_ACCOUNTS),
    "auth.Group": Q(name__in=GROUPS.values()),
}
# Models whose rows depend on one of the above, or are written by the machine.
DEPENDENT = frozenset(
    {
        *("claims.Appearance", "claims.Attribution", "claims.Statement"),
        *("claims.Rating", "claims.ReviewVersion", "claims.Evidence"),
        *("claims.UnpublishedEdit", "claims.Amendment", "claims.AmendmentItem", "claims.Merge"),
        *("claims.EvidenceCheck", "claims.Anchoring", "claims.Recheck", "claims.Sweep", "claims.Publication"),
        *("claims.SitePublication", "claims.ComplaintContact", "claims.ComplaintSender"),
        *("claims.Restriction", "claims.Restriction_members", "claims.GuestApproval"),
        *("claims.Notice", "claims.Suggestion", "claims.Suspension"),
        *("claims.Comment", "claims.Assignment", "claims.ChecklistItem", "claims.ChecklistTick"),
        *("claims.PublicationTimer", "claims.SourceRequest", "claims.SourceAnswer", "claims.ReviewBy"),
        *("claims.DiscardedVersion", "claims.Autosave", "claims.Presence", "claims.Preferences"),
        *("claims.NoticeDelivery", "claims.DailyCount", "claims.EvidenceFile", "claims.CheckItem"),
        *(
            "claims.PublicationBody",
            "claims.ClaimVersion",
            "claims.FacetCount",
            "claims.IndexState",
            "claims.TipContact",
            "claims.TipFingerprint",
            "claims.TipSender",
        ),
        *(
            "claims.ImportedRecord",
            "claims.ImportConflict",
            "claims.MergeProposal",
            "claims.ClaimFingerprint",
            "claims.Sender",
            "claims.SavedPage",
            "claims.DraftEvent",
            "newsrooms.KeyUse",
            "newsrooms.FeedToken",
            "newsrooms.FeedTokenUse",
            "newsrooms.Bucket",
            "newsrooms.ClientHashKey",
            "newsrooms.StoredAnswer",
        ),
        *("sources.Polling", "sources.Blob", "sources.Text", "sources.Snapshot", "sources.Change"),
        *("sources.Passage",),
        *("sources.Scrub", "sources.ScrubFinding", "sources.PollingPrice", "sources.Host"),
        *("sources.FeedReading", "sources.FeedItem", "claims.Proposal", "claims.Listing"),
        *("sources.ArchiveCopy", "sources.ArchiveService"),
        *("newsrooms.ApiKey", "newsrooms.WebhookDelivery", "newsrooms.WebhookSecret", "newsrooms.WebhookProgress"),
        *("claims.Suspension", "claims.Notice", "claims.AccountChange", "claims.AccountChangeReading"),
        *("factcheck.Heartbeat", "auth.Permission", "backup.BackupRun", "thinning.Thinning"),
        *("login.LogInLink", "login.LogInEvent", "login.Session", "login.Throttle", "login.CacheEntry"),
        *(
            "claims.Seal",
            "claims.SealRevision",
            "claims.Checkpoint",
            "claims.CheckpointDelivery",
            "claims.AuditReport",
            "claims.LogRestore",
        ),
    }
)


def other_rows() -> Iterator[tuple[type[Model], int]]:
    """Each model with rows that are not the demo's, and their number."""
    for label, demo in DEMO_ROWS.items():
        model = apps.get_model(label)
        if count := model._default_manager.exclude(demo).count():
            yield model, count


def only_demo() -> bool:
    """Whether the database contains nothing but the demo, if that."""
    return next(other_rows(), None) is None


def describe_other_rows() -> str:
    """Count the rows that are not the demo's: “2 documents, 1 user”. Empty if there are none."""
    return ", ".join(
        f"{count} {model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural}"
        for model, count in other_rows()
    )
