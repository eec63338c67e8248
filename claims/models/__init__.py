"""Django models of claims: documents, statements, claims, reviews, evidence, re-checks and the publication log.

Document ──< Statement >── Appearance ──< Claim ──< Review ──< ReviewVersion ──< Evidence ── Page quote
   Speaker ──┘                              │           └──< Recheck                 ├──< EvidenceCheck
                                            │                                          └──< Anchoring
                                            └──< Publication ── PublicationBody; LogRestore (from a backup)
                                            └──< ClaimVersion, FacetCount, IndexState (rebuilt from the log)
Proposal ── Document      pages that feeds list, until an editor accepts or dismisses them
   └──< Listing ── FeedItem
MergeProposal ── Claim, Claim      two claims that say the same, until an editor decides on merging them
ClaimFingerprint ── Claim      the hash by which an import finds claims that say the same
Sender ──< Submission      drafts that newsrooms send by API; each is one of the rows above
   ├──< SavedPage ── Evidence      the text of a page as a newsroom sent it
   └──< DraftEvent         what the newsroom that sent a draft is told of it
AccountChange ──< AccountChangeReading      who made which account, and which chief has read of it
UnpublishedEdit            the claims that were edited after publication
Amendment ──< AmendmentItem ── Claim      such edits, submitted together by one person and approved by another
Merge ── Claim, Claim       one claim that becomes part of another, asked for by one person and decided by another
SitePublication ── Claim    the site's own log: complaints received and answered, versions of its pages
Complaint ── ComplaintContact, ComplaintSender      what somebody reports as wrong, until an editor answers
PageProposal               a version of a page of the site, until a second person approves it
Notice                     what stands on a person's home at the desk until it is read
Seal ──< SealRevision · Checkpoint ── CheckpointDelivery · AuditReport      what proves that nobody has rewritten these
Import · ImportedRecord ── Review      the progress of an import; the record that identifies an imported review
ImportConflict ── Review               a record that contradicts one, for an editor to decide

The desk's own work, never in a body:
Comment, Assignment, Presence, DiscardedVersion ── Claim; ChecklistTick, PublicationTimer ── ReviewVersion
ChecklistItem ── Organisation; ReviewBy ── Review; SourceRequest ──< SourceAnswer ── Recheck
Autosave, Preferences      of one person; NoticeDelivery ── Notice, ChatWebhook      how people are told
EvidenceFile, DailyCount; CheckImport ──< CheckItem      what came from Meedan Check
"""

from claims.models.accounts import triggers  # noqa: F401 - importing it registers them
from claims.models.accounts.change import AccountChange, AccountChangeReading
from claims.models.amendments.amendment import Amendment, AmendmentItem
from claims.models.amendments.merge import Merge
from claims.models.amendments.unpublished_edit import UnpublishedEdit
from claims.models.claim import Appearance, Claim, Topic
from claims.models.desk.assignment import Assignment
from claims.models.desk.autosave import Autosave
from claims.models.desk.check_import import CheckImport, CheckItem
from claims.models.desk.checklist import ChecklistItem, ChecklistTick
from claims.models.desk.comment import Comment
from claims.models.desk.daily_count import DailyCount
from claims.models.desk.discarded_version import DiscardedVersion
from claims.models.desk.evidence_file import EvidenceFile
from claims.models.desk.notifications import ChatWebhook, NoticeDelivery
from claims.models.desk.preferences import Preferences
from claims.models.desk.presence import Presence
from claims.models.desk.review_by import ReviewBy
from claims.models.desk.source_request import SourceAnswer, SourceRequest
from claims.models.desk.timer import PublicationTimer
from claims.models.evidence import Evidence
from claims.models.facet_count import FacetCount
from claims.models.fingerprint import ClaimFingerprint
from claims.models.guest import GuestApproval
from claims.models.imported import Import, ImportConflict, ImportedRecord
from claims.models.notice import Notice
from claims.models.proof.audit_report import AuditReport
from claims.models.proof.checkpoint import Checkpoint, CheckpointDelivery
from claims.models.proof.seal import Seal
from claims.models.proof.seal_revision import SealRevision
from claims.models.proposal import Listing, MergeProposal, Proposal
from claims.models.publication import ClaimVersion, IndexState, LogRestore, Publication, PublicationBody
from claims.models.restriction import Restriction
from claims.models.review import Article, Organisation, Rating, RatingScale, Review, ReviewVersion, Suggestion, Verdict
from claims.models.site.complaint import Complaint, ComplaintContact, ComplaintSender
from claims.models.site.page_proposal import PageProposal
from claims.models.site.site_publication import SitePublication
from claims.models.statement import Attribution, Document, Speaker, Statement
from claims.models.submission import DraftEvent, MarkupPage, SavedPage, Sender, Submission
from claims.models.suspension import Suspension
from claims.models.tip import Tip, TipContact, TipFingerprint, TipGroup, TipSender
from claims.models.watch.anchoring import Anchoring
from claims.models.watch.evidence_check import EvidenceCheck, Sweep
from claims.models.watch.recheck import Recheck

__all__ = [
    "AccountChange",
    "AccountChangeReading",
    "Amendment",
    "AmendmentItem",
    "Anchoring",
    "Appearance",
    "Article",
    "Assignment",
    "Attribution",
    "AuditReport",
    "Autosave",
    "ChatWebhook",
    "CheckImport",
    "CheckItem",
    "ChecklistItem",
    "ChecklistTick",
    "Checkpoint",
    "CheckpointDelivery",
    "Claim",
    "ClaimFingerprint",
    "ClaimVersion",
    "Comment",
    "Complaint",
    "ComplaintContact",
    "ComplaintSender",
    "DailyCount",
    "DiscardedVersion",
    "Document",
    "DraftEvent",
    "Evidence",
    "EvidenceCheck",
    "EvidenceFile",
    "FacetCount",
    "GuestApproval",
    "Import",
    "ImportConflict",
    "ImportedRecord",
    "IndexState",
    "Listing",
    "LogRestore",
    "MarkupPage",
    "Merge",
    "MergeProposal",
    "Notice",
    "NoticeDelivery",
    "Organisation",
    "PageProposal",
    "Preferences",
    "Presence",
    "Proposal",
    "Publication",
    "PublicationBody",
    "PublicationTimer",
    "Rating",
    "RatingScale",
    "Recheck",
    "Restriction",
    "Review",
    "ReviewBy",
    "ReviewVersion",
    "SavedPage",
    "Seal",
    "SealRevision",
    "Sender",
    "SitePublication",
    "SourceAnswer",
    "SourceRequest",
    "Speaker",
    "Statement",
    "Submission",
    "Suggestion",
    "Suspension",
    "Sweep",
    "Tip",
    "TipContact",
    "TipFingerprint",
    "TipGroup",
    "TipSender",
    "Topic",
    "UnpublishedEdit",
    "Verdict",
]
