"""The one exception whose message is meant for the person at the keyboard."""


class CourseError(Exception):
    """A mistake that its user can mend: one clear line that says where, and what to do next."""
