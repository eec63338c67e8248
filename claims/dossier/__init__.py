"""The dossier of a year: what assessors of a code of principles ask for, from the two public logs alone."""
