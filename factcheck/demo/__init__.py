"""The demo of a first start: a story, its claims, two published reviews, and the site they rest on.

All of it is labelled as a demo and rates no living person. `manage.py demo remove` removes it as long as the database
contains nothing else.
"""

# Identify the demo's rows in tables without an `is_demo` column.
DEMO_EDITORS = {"demo-editor-a": "Demo editor A", "demo-editor-b": "Demo editor B"}
DEMO_ADMINISTRATOR = "demo-administrator"
DEMO_ACCOUNTS = {**DEMO_EDITORS, DEMO_ADMINISTRATOR: "Demo administrator"}
DEMO_TOPICS = {"demo-internet": "Internet (demo)", "demo-police": "Police (demo)"}
