"""What the desk of the tests in Chromium is filled with, and the site on loopback that its quotes stand on."""
