"""Register the verbs of the desk before a test replaces their registry for its own."""

import claims.desk.urls  # noqa: F401
