"""The rating scales of other publishers, as facts: which labels each uses, and the verdict that a label amounts to.

One TOML file a publisher in `publishers/`; `scales.py` reads and checks them, `match.py` finds the verdict of a label.
What follows from them stands in the index alone, never in a published body. docs/rating-scales.md says where the facts
come from and how a newsroom corrects one.
"""
