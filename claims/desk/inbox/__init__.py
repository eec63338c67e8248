"""What came in: tips, drafts of newsrooms, pages that feeds list."""
