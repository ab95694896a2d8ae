"""The server's side of the stations over HTTPS (§8.2, §13.2-13.6)."""
