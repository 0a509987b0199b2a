"""``python -m orchestration.cli`` is ``htx``."""

from orchestration.cli import main

if __name__ == "__main__":
    main()
