"""The archive in the browser: a plug-in of Datasette with pages of our own. Needs the extra `luubao[web]`."""
