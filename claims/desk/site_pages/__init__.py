"""The screens of the pages that the desk writes about itself."""
