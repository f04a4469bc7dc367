"""A room for each field of an article: candidates in order of trust, and the choice among them."""
