"""The only rooms that touch the network: one gate for every request, and what stands round it."""
