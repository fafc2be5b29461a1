"""The exporters under the name by which nbgrader's configuration files know them."""

from course.grade.books.exporters import CanvasExporter, MoodleExporter

__all__ = ["CanvasExporter", "MoodleExporter"]
