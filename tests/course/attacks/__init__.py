"""Hostile submissions, and proof that they gain nothing."""
