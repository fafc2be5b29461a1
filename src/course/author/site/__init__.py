"""The web site: theory, labs, notebooks, quizzes and problem sets in the order of work."""
