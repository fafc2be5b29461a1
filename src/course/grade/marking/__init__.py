"""From a submission to a scorecard: the suite, running it, scoring it."""
