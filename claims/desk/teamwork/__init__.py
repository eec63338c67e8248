"""What several people do on one claim: people, comments, checklist, timers, presence, conflicts, bulk actions."""
