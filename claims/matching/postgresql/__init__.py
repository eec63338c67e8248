"""The legs by words and by meaning in a PostgreSQL of their own, for who outgrows a host: several matchers share it."""
