"""How long the text of a claim may be, for the desk, the drafts of newsrooms and imports alike. Pure."""

LONGEST_CLAIM = 10_000  # characters; a longer text is an article and no claim


def too_long(text: str) -> str:
    """Why the text is too long for a claim, as a sentence; empty if it is not."""
    if len(text) <= LONGEST_CLAIM:
        return ""
    return f"The claim is {len(text):,} characters long; at most {LONGEST_CLAIM:,} are taken."
