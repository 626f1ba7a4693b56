"""The companies at work: the catalog folder read again and again, and its rows in the store."""
