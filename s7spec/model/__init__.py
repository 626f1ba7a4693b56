"""The nouns: frozen values every room may hold. Standard library only; no I/O, no clock."""
