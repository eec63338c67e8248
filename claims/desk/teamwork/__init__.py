"""Who works on what: assignments, comments, checklists, timers, presence."""
