"""Export jobs: the queue they wait in, the work itself, the ZIP and the mail that come out."""
