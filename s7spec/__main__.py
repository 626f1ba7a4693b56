"""``python -m s7spec``."""

from s7spec.cli import main

if __name__ == "__main__":
    main()
