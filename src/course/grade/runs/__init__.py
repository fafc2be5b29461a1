"""Many submissions: a class on this machine, or on a cluster."""
