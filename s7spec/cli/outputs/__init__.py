"""Files that commands write: whole or not at all, and never over what is read."""
