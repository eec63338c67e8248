"""The workbench: the one page of a claim, with everything that can be read and done about it.

screens   the page, a new claim, comparing, what goes out, everything that happened
bench     what the page shows: review, version, what is public and what waits
saving    write the posted form, or show who was faster
version_verbs, review_verbs, claim_verbs    the buttons
"""
