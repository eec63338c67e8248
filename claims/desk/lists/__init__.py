"""Lists of the desk: columns, filters in the address, search, pages, CSV as filtered, bulk verbs. Begin at `base`."""
