"""In and out of the archive: a room a format. What must read pages again is handed a function that does."""
