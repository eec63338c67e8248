"""What a web process does before it answers."""
