"""The demo of a first start: a story, its claims, two published reviews, and the site they rest on.

Everything in it is labelled as a demo, rates no living person, and can be taken out again as long as nothing
else is in the database (`manage.py demo remove`).
"""
