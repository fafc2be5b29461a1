"""The workbench: a page per phase with an editor and the learner's commands, run in the browser."""
