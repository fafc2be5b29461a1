"""What learners run: status and tests of their own work."""
