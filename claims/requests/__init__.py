"""Letters to the sources of pages that reviews rest on."""
