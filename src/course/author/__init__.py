"""What authors run: stubs and cuts from the reference, mutants, and the check of everything."""
