"""`python -m course` is `minigrad`."""

from course.cli import main

raise SystemExit(main())
