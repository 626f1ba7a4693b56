"""What only `s7spec modifier` needs."""
