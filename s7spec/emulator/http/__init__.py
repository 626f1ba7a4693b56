"""HTTP: the server, requests and answers, and what may be done to a connection."""
