"""The set-up of an empty desk: account, organisation, rating scale, colleagues, key; each step when it suits."""
