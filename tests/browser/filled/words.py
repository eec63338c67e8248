"""Words that the filled desk and its tests share."""

PASSWORD = "a-long-pass-phrase"
TICK = "I have read it once more"
