"""From an Article to the file and back; of scraper it knows the values and the errors alone."""
