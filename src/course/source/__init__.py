"""What the author wrote, as data: the marked reference, mutants, notebooks."""
