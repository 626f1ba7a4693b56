"""Where the embedded IPS keeps its things, unless s7spec.yaml says something else."""

EMBEDDED = "embedded"
DEFAULT_CATALOG = "catalog"
DEFAULT_DATA = ".s7spec/ips"
