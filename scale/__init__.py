"""Past one machine: very many stored pages read into one dataset, and crawls in shards, on a cluster of Ray too."""
