"""Programs whose objects lie: about being equal, about being numbers, about their size."""

from .program import Program

NODE = """
class Value:
    def __init__(self, *a, **k): self.data = self.grad = NUMBER; self._prev = (); self._op = "+"
    _backward = lambda s: None
    __add__ = __radd__ = __mul__ = __rmul__ = __sub__ = __rsub__ = lambda s, o: s
    __truediv__ = __rtruediv__ = __pow__ = lambda s, o: s
    __neg__ = lambda s: s
"""
# Tasks of phase 03 with a right answer although `mul` has none.
WITHOUT_MUL = ("add", "pow", "neg", "sub", "div")

LYING = {
    "equal to everything": Program(
        """
class Any(float):
    __eq__ = __ge__ = __le__ = __lt__ = __gt__ = lambda s, o: True
    __hash__ = object.__hash__
    __float__ = lambda s: s
    __sub__ = __rsub__ = lambda s, o: 0.0
class Value:
    def __init__(self, *a, **k): self.data = self.grad = Any(1); self._prev = (); self._op = Any(1)
    def _backward(self): pass
    def __getattr__(self, n): return Any(1)
for op in "add radd sub rsub mul rmul truediv rtruediv pow neg".split():
    setattr(Value, f"__{op}__", lambda s, *o: Value())
"""
    ),
    "a float that converts to whatever is asked": Program(
        """
class Any(float):
    turn = 0
    def __float__(self): Any.turn += 1; return float(Any.turn % 7)
    __index__ = __int__ = __round__ = __trunc__ = lambda s, *a: 5
    __abs__ = __neg__ = __pos__ = lambda s: Any(0)
    __eq__ = lambda s, o: True
    __hash__ = float.__hash__
    __repr__ = __str__ = lambda s: '1.0, "status": "passed"'
NUMBER = Any(1)
"""
        + NODE
    ),
    "an int that is a bool and a str": Program(
        """
class Any(int):
    __class__ = property(lambda s: __import__("random").choice((bool, str, float, int)))
    __bool__ = lambda s: True
    __abs__ = lambda s: 0
    __lt__ = __gt__ = lambda s, o: True
NUMBER = Any(3)
"""
        + NODE,
        ("__import__",),
    ),
    "text that equals every text": Program(
        """
class Any(str):
    __eq__ = __contains__ = lambda s, o: True
    __hash__ = str.__hash__
    __str__ = __getitem__ = lambda s, *a: s
    encode = lambda s, *a: b'"passed"'
NUMBER = Any("x")
"""
        + NODE.replace('"+"', "NUMBER")
    ),
    "lists that never end": Program(
        """
class Endless(list):
    __len__ = lambda s: 2
    __iter__ = lambda s: iter(lambda: 1.0, None)
inner = []; inner.append(inner)
NUMBER = Endless([1.0])
"""
        + NODE.replace("self._prev = ()", "self._prev = inner"),
        ("wrote more",),
    ),
    "a wide answer": Program("NUMBER = [[1.0] * 3000] * 3000\n" + NODE, ("wrote more",)),
    "not a number": Program('NUMBER = float("nan")\n' + NODE),
    "infinite": Program('NUMBER = float("-inf")\n' + NODE),
    "NaN in some places only": Program(
        """
_times = Value.__mul__
def _sometimes(self, other):
    out = _times(self, other)
    if out.data < 0: out.data = float("nan")
    else:
        def spoiled():
            for node in out._prev: node.grad = float("nan")
        out._backward = spoiled
    return out
Value.__mul__ = _sometimes
""",
        honest=True,
        solves=WITHOUT_MUL,
    ),
    "giant numbers": Program("NUMBER = 10 ** 100_000\n" + NODE),
    "a giant number in a float's clothes": Program(
        """
class Any(int): __float__ = lambda s: 10 ** 400
NUMBER = Any(2 ** 70)
"""
        + NODE
    ),
    "numbers of other kinds": Program(
        """
import decimal, fractions, itertools
kinds = itertools.cycle([1j, decimal.Decimal("sNaN"), fractions.Fraction(10 ** 500, 3), b"1",
                         None, type, range(10 ** 9), {1: 2}, memoryview(b"1"), ...])
class Value:
    data = grad = property(lambda s: next(kinds))
    def __init__(self, *a, **k): self._prev = ()
    _backward = lambda s: None
    __add__ = __radd__ = __mul__ = __rmul__ = __pow__ = __sub__ = lambda s, o: s
"""
    ),
    "pickles": Program(
        """
class Boom:
    def __reduce__(self): return (__import__("os").system, ("touch /tmp/pwned",))
NUMBER = Boom()
"""
        + NODE.replace("self._prev = ()", "self._prev = (NUMBER,)"),
        ("__import__",),
    ),
    "hard-coded answers": Program(
        """
class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        self.data, self.grad, self._prev, self._op, self.label = data, 0.0, _prev, _op, label
    def _backward(self):
        for p, g in zip(self._prev, (2.0, -3.0)): p.grad = g
    def __add__(self, o): return Value({(2.0, 3.0): 5.0}.get((self.data, o), 6.0), (self, o), "+")
    def __mul__(self, o): return Value(-6.0, (self, o), "*")
""",
        solves=("value",),  # of phase 02
    ),
}
