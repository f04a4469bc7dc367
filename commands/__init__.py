"""One module a group of commands: options in, one call, text out."""
