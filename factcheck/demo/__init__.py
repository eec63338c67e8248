"""The demo of a first start: a story, its claims, two published reviews, and the site they rest on.

Everything in it is labelled as a demo, rates no living person, and can be taken out again as long as nothing
else is in the database (`manage.py demo remove`).
"""

# What tells the demo's rows apart in tables that have no column for it.
DEMO_EDITORS = {"demo-editor-a": "Demo editor A", "demo-editor-b": "Demo editor B"}
DEMO_TOPICS = {"demo-internet": "Internet (demo)", "demo-police": "Police (demo)"}
