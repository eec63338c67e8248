"""Settings of the desk."""
