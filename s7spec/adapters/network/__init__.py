"""How IPS and code hosts are reached alike: an end for each exchange, and what TLS agreed on."""
