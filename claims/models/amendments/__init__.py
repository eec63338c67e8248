"""Models of what people edit after publication, and the triggers that keep what is published."""
