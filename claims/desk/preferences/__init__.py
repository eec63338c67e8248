"""What each person wants of the desk: language, time zone, theme, keys, and how to be told of what happened."""
