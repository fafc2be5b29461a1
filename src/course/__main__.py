"""`python -m course` is `minigrad`."""

import sys

from course.cli import main

# nbformat brings jsonschema along, which works without this one: it checks addresses in other
# scripts than Latin, which no notebook holds, and takes more than a second to be imported.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

raise SystemExit(main())
