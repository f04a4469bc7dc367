"""From an Article to the file and back: one SQLite file that holds everything; of the scraper it knows the values alone."""
