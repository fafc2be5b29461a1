"""Programs that want to be read: by a terminal, a browser, a person."""

from .program import Program

SHOWING = {
    "control characters in messages": Program(
        """
class Value:
    def __init__(self, *a, **k):
        raise TypeError("\\x1b[2J\\x1b]0;pwned\\x07\\u202e\\r\\n<script>alert(1)</script>")
"""
    ),
    "hostile text as a value": Program(
        """
class Value:
    def __init__(self, *a, **k):
        self.data = self.grad = "<script>\\x1b[31m</script>"; self._prev = ()
    __repr__ = lambda s: "\\x1b[2J<img src=x onerror=alert(1)>" * 1000
    __add__ = __mul__ = lambda s, o: s
"""
    ),
    "hostile text as label, operation and name": Program(
        """
text = "\\u202e\\u2066\\u200b\\x9b31m\\x85<script>alert(1)</script>\\ud800"
Sly = type(text, (TypeError,), {"__module__": text, "__qualname__": text, "__doc__": text})
class Value:
    def __init__(self, *a, **k):
        self.data = self.grad = 1.0; self._prev = (); self._op = self.label = text
        type(self).__name__ = type(self).__qualname__ = text[:-1]
    _backward = lambda s: None
    __add__ = __mul__ = __radd__ = lambda s, o: s
    def __pow__(self, o): raise Sly(text)
"""
    ),
    "hostile text at import": Program(
        'raise ImportError("</script><script>alert(1)\\x1b[2J\\u202e" * 1000)'
    ),
    "a syntax error that shouts": Program(
        "\u202e\u2066 = '<script>alert(1)</script>' \x1b[2J !!! REACHED?"
    ),
}
