"""Take over what a desk has in Meedan Check, from the list exports that Check makes.

    file ──reading──> rows ──row──> CheckItem (waiting) ──take_over──> claim, topics, document, comments
                        └──> report of what could not come in      └──drafts──> draft reviews, by chosen ratings

Nothing is published, and a file that comes twice makes nothing twice.
"""
