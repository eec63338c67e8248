"""Work of several people on one claim: assignment, comments, checklist, timers, presence."""
