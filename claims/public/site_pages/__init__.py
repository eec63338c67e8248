"""Pages that the desk writes about itself, in the versions that two people approved."""
