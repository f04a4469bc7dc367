"""From an Article to the file and back: one SQLite file holds all; of the scraper it knows the values alone."""
