"""Lists of readers' pages: latest, by topic, speaker and organisation, found by words, and as feed and sitemap."""
