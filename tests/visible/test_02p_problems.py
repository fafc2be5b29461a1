"""Visible probes of problem set 02p. They observe; the judge compares with the reference."""

from course.observe import probe
from minigrad.problems_02 import (
    audit,
    census,
    critical_path,
    dimensions,
    formula_text,
    kinship,
    parts_list,
    spreadsheet,
)
from minigrad.scalar import Value


def leaf(label, data=1.0):
    return Value(data, label=label)


def node(op, *parents, data=1.0, label=""):
    return Value(data, parents, op, label)


@probe(task="census", concept="node")
def test_a_sum_times_one_of_its_terms(observe):
    """(a + b)·b, the graph of the lab, a square, two leaves that hold the same, a ladder."""
    a, b = leaf("a"), leaf("b")
    observe("(a + b)·b", census(node("*", node("+", a, b), b)))
    observe("a·a", census(node("*", a, a)))
    both = node("+", a, b)
    observe("(a + b)²", census(node("*", both, both)))
    observe("1 + 1", census(node("", Value(1.0), Value(1.0))))
    step = a
    for _ in range(30):
        step = node("+", step, step)
    observe("ladder", census(step))


@probe(task="formula_text", concept="node")
def test_heron_as_text(observe):
    """Labels, a number without one, a node with one parent, a node with a label."""
    a, b = leaf("a"), leaf("b")
    mean = node("/", node("+", a, b), Value(2), label="mean")
    observe("mean", formula_text(mean))
    observe("root", formula_text(node("sqrt", node("*", a, mean))))
    observe("leaf", formula_text(b))


@probe(task="dimensions", concept="node")
def test_kinetic_energy(observe):
    """½·m·v·v in joules; a meter and a second don't add up."""
    v = node("/", leaf("m"), leaf("s"))
    energy = node("*", node("*", leaf(""), leaf("kg")), node("*", v, v))
    observe("½mv²", sorted(dimensions(energy).items()))
    observe("energy + J", sorted(dimensions(node("+", energy, leaf("kg m^2 s^-2"))).items()))
    observe("m / m", len(dimensions(node("/", leaf("m"), leaf("m")))))
    observe("s·m·s", sorted(dimensions(leaf("s m s")).items()))
    with observe.raises("m + s"):
        dimensions(node("+", leaf("m"), leaf("s")))


@probe(task="parts_list", concept="node")
def test_a_bicycle(observe):
    """Two wheels that are one node, used twice; two bolts that are not; a bell as it is."""
    wheel = node("assemble", leaf("rim"), leaf("tyre"))
    bicycle = node("assemble", leaf("frame"), node("pair", wheel, wheel))
    observe("parts", sorted(parts_list(bicycle).items()))
    observe("bolts", sorted(parts_list(node("pair", leaf("bolt"), leaf("bolt"))).items()))
    observe("bell", sorted(parts_list(leaf("bell")).items()))


@probe(task="critical_path", concept="node")
def test_a_house(observe):
    """Foundations, walls and windows at the same time, a roof."""
    foundation = leaf("foundation", 10.0)
    walls = node("", foundation, data=20.0, label="walls")
    windows = node("", foundation, data=25.0, label="windows")
    roof = node("", walls, windows, data=7.0, label="roof")
    observe("house", critical_path(roof))
    floor = node("", foundation, data=20.0, label="floor")
    observe("a tie", critical_path(node("", walls, floor, data=3.0, label="paint")))
    day = leaf("day 0", 0.0)
    for i in range(1, 41):
        day = node("", day, day, data=1.0, label=f"day {i}")
    observe("ladder", critical_path(day)[0])


@probe(task="kinship", concept="node")
def test_brother_and_sister(observe):
    """Parent and child, brother and sister, half-siblings, an animal with itself, a bean."""
    sire, dam, other = leaf("Rex", 2010.0), leaf("Bella", 2011.0), leaf("Luna", 2009.0)
    brother = node("", sire, dam, data=2015.0)
    sister = node("", sire, dam, data=2016.0)
    half_sister = node("", sire, other, data=2015.0)
    observe("parents", kinship(sire, dam))
    observe("itself", kinship(sire, sire))
    observe("parent and child", kinship(brother, dam))
    observe("brother and sister", kinship(brother, sister))
    observe("half-siblings", kinship(half_sister, sister))
    foal = node("", dam, data=2017.0)
    observe("one parent unknown", [kinship(foal, dam), kinship(foal, foal)])
    bean = leaf("bean", 2000.0)
    selfed = node("", bean, bean, data=2001.0)
    observe("from one plant", [kinship(selfed, bean), kinship(selfed, selfed)])


@probe(task="audit", concept="node")
def test_an_invoice(observe):
    """The tax was worked out wrongly, the total correctly from the wrong tax."""
    net, rate = leaf("net", 200.0), leaf("rate", 0.19)
    tax = node("*", net, rate, data=36.0, label="tax")
    total = node("+", net, tax, data=236.0, label="total")
    observe("wrong", audit(total))
    third = node("/", total, Value(3.0), data=78.67, label="third")
    observe("rounded", audit(third))
    observe("two mistakes", audit(node("-", third, tax, data=40.0, label="rest")))
    observe("as noted", [tax.data, total.data])
    first = node("+", net, net, data=1.0, label="first")
    second = node("-", net, net, data=1.0, label="second")
    observe("on both sides", audit(node("*", first, second, data=1.0, label="both")))


@probe(task="spreadsheet", concept="wrapping")
def test_a_price_with_tax(observe):
    """Three cells that use each other, the last one first; two that go round in a circle."""
    nodes = spreadsheet({"price": ("+", "net", "tax"), "tax": ("*", "net", 0.19), "net": 50})
    price, tax, net = nodes["price"], nodes["tax"], nodes["net"]
    observe("data", [price.data, tax.data, net.data])
    observe("ops", [price._op, tax._op, net._op])
    observe("labels", [price.label, tax.label, net.label, tax._prev[1].label])
    observe(
        "one node per cell", [price._prev[0] is net, price._prev[1] is tax, tax._prev[0] is net]
    )
    with observe.raises("an unknown cell"):
        spreadsheet({"total": ("+", "net", "tacks"), "net": 50})
    with observe.raises("a circle"):
        spreadsheet({"hen": ("*", "egg", 1), "egg": ("*", "hen", 1)})
