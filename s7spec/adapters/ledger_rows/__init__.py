"""What the ledgers in databases share: nouns as rows and back, and the rules of their steps."""
