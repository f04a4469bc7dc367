"""A room a field: each gathers candidates in order of trust and chooses among them."""
