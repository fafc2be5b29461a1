"""nbgrader's gradebook and class folder, and the sheets of learning platforms."""
