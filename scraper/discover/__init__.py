"""Which URLs does a page name, and which of them are articles: sitemaps, listings, the shape of URLs. All pure."""
