"""Programs that prove the server from outside; not part of the installed package."""
