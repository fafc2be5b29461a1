"""Hidden probes of problem set 02p. They observe; the judge compares with the reference."""

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


def made(op, *parents, data=2.0, label="inner"):
    return Value(data, parents, op, label)


def unit(label):
    return Value(3.0, label=label)


@probe(task="census", concept="node")
def test_a_ladder_is_counted_at_once(observe):
    """A leaf, and ladders of 1 to 40 steps: each node made from the one before it twice."""
    step = Value(1.0)
    observe("leaf", census(step))
    for i in range(1, 41):
        step = made("+", step, step)
        if i in (1, 5, 40):
            observe(f"{i} steps", census(step))


@probe(task="census", concept="node")
def test_equal_numbers_are_different_nodes(observe):
    """A drawn graph in which all numbers are equal; one whose nodes have one parent."""
    rng = observe.rng
    nodes = [Value(1.0) for _ in range(4)]
    for _ in range(12):
        nodes.append(made("*", rng.choice(nodes), rng.choice(nodes), data=1.0))
    observe("drawn", census(nodes[-1]))
    root = made("+", nodes[0], nodes[1])
    observe("one parent", census(made("exp", made("log", root))))
    observe("no name", census(made("", root, root)))


@probe(task="formula_text", concept="node")
def test_numbers_and_shared_parts(observe):
    """Numbers as Python prints them, a shared part; a formula that Python can work out."""
    rng = observe.rng
    half = made("/", Value(1), Value(rng.randrange(2, 90)), label="half")
    observe("shared", formula_text(made("*", half, half)))
    observe("small", formula_text(made("-", Value(1e-9), Value(-2.5, label="debt"))))
    observe("number", formula_text(Value(True)))
    a, b, c = (unit(label) for label in "abc")
    text = formula_text(made("*", made("-", a, made("/", b, c)), made("+", made("*", c, c), a)))
    drawn = {label: rng.uniform(1.0, 2.0) for label in "abc"}
    observe("read by Python, for drawn a, b and c", eval(text, {}, drawn))


@probe(task="formula_text", concept="node")
def test_operations_with_one_parent(observe):
    """One parent below, above and between operations with two."""
    a, b = unit("a"), unit("b")
    observe("of a leaf", formula_text(made("sin", a)))
    observe("of a sum", formula_text(made("exp", made("+", b, a))))
    observe("nested", formula_text(made("neg", made("log", made("-", made("sin", a), b)))))
    observe("order", formula_text(made("/", b, made("/", a, b))))


@probe(task="dimensions", concept="node")
def test_units_cancel(observe):
    """Exponents that come to 0 disappear; names may come twice; gravitation."""

    def seen(root):
        return [list(pair) for pair in sorted(dimensions(root).items())]

    meter, second = unit("m"), unit("s")
    observe("ratio", seen(made("/", meter, meter)))
    observe("nothing", seen(made("*", Value(0.0, label="m"), second)))
    observe("leaf", seen(unit("m s^-1 m")))
    observe("canceled leaf", seen(unit("mol mol^-1 K")))
    observe("reciprocal", seen(made("/", unit(""), made("*", second, second))))
    field = made("/", made("*", unit("m^3 kg^-1 s^-2"), unit("kg")), unit("m^2"))
    observe("field", seen(field))
    observe("difference", seen(made("-", field, made("/", meter, unit("s^2")))))


@probe(task="dimensions", concept="node")
def test_drawn_exponents(observe):
    """Products and quotients of units with large exponents."""
    first, second, third = (observe.rng.randrange(12, 90) for _ in range(3))
    product = made("*", unit(f"m^{first} s^-{second}"), unit(f"m^{third} s"))
    for name, root in (
        ("product", product),
        ("quotient", made("/", product, unit(f"m^{2 * third} s^{third}"))),
        ("square", made("*", product, product)),
    ):
        exponents = dimensions(root)
        observe(f"{name}: m", exponents["m"])
        observe(f"{name}: s", exponents["s"])


@probe(task="dimensions", concept="domain")
def test_units_that_do_not_fit(observe):
    """Sums and differences of unlike units, also deep inside, and an operation without a rule."""
    length, time = unit("m"), unit("s")
    for name, root in (
        ("difference", made("-", length, time)),
        ("number", made("+", length, unit(""))),
        ("exponent", made("+", length, made("*", length, length))),
        ("deep", made("*", time, made("/", made("+", length, time), time))),
        ("unknown", made("%", length, length)),
    ):
        with observe.raises(name):
            dimensions(root)
    same = made("-", made("*", length, time), made("*", time, length))
    observe("other order", sorted(dimensions(same).items()))


@probe(task="parts_list", concept="node")
def test_assemblies_of_assemblies(observe):
    """Uses multiply: a train of eight bogies; a part that is bought as it is."""
    bogie = made("", made("", unit("axle"), unit("axle")), unit("frame"))
    train = made("", bogie, bogie)
    for _ in range(2):
        train = made("", train, train)
    observe("train", sorted(parts_list(train).items()))
    observe("part", sorted(parts_list(unit("bolt")).items()))
    observe("wrapped", sorted(parts_list(made("paint", unit("bolt"))).items()))


@probe(task="parts_list", concept="node")
def test_drawn_assemblies(observe):
    """A drawn product from five parts, two of which have the same label."""
    rng = observe.rng
    stock = [unit(label) for label in ("bolt", "nut", "plate", "bolt", "pipe")]
    for _ in range(7):
        stock.append(made("", rng.choice(stock), rng.choice(stock)))
    product = made("", made("", stock[-1], stock[-2]), made("", stock[0], stock[3]))
    observe("parts", sorted(parts_list(product).items()))
    observe("again", sorted(parts_list(product).items()))


@probe(task="critical_path", concept="node")
def test_ladders_and_ties(observe):
    """Forty tasks, each waiting twice for the one before; two that finish together."""
    task = Value(0.5, label="0")
    for i in range(1, 41):
        task = made("", task, task, data=i % 3, label=str(i))
    observe("ladder", critical_path(task))
    first, second = Value(3.0, label="first"), Value(3.0, label="second")
    observe("tie", critical_path(made("", first, second, data=1.0, label="end")))
    observe("tie, swapped", critical_path(made("", second, first, data=1.0, label="end")))
    observe("alone", critical_path(second))


@probe(task="critical_path", concept="node")
def test_drawn_projects(observe):
    """Drawn durations, and a short way that takes longer than the long way."""
    rng = observe.rng
    tasks = [Value(rng.uniform(1.0, 9.0), label=f"t{i}") for i in range(3)]
    for i in range(3, 20):
        parents = rng.sample(tasks, rng.choice((1, 2)))
        tasks.append(made("", *parents, data=rng.uniform(0.0, 9.0), label=f"t{i}"))
    days, labels = critical_path(made("", tasks[-1], tasks[-2], data=1.0, label="end"))
    observe("days", days)
    observe("labels", labels)
    slow, quick = Value(50.0, label="slow"), Value(1.0, label="quick")
    way = made("", made("", quick, data=2.0, label="2"), data=3.0, label="3")
    observe("short and slow", critical_path(made("", way, slow, data=4.0, label="end")))


@probe(task="kinship", concept="node")
def test_inbred_lines(observe):
    """Brother and sister bred for four generations; a plant that pollinates itself."""
    pair = (Value(2000.0), Value(2000.5))
    for generation in range(4):
        year = 2001.0 + generation
        pair = (made("", *pair, data=year), made("", *pair, data=year + 0.5))
        observe(f"inbreeding {generation}", kinship(*pair))
        observe(f"with itself {generation}", kinship(pair[1], pair[1]))
    plant = Value(1.0)
    for year in (2.0, 3.0, 4.0):
        plant = made("", plant, plant, data=year)
        observe(f"selfed until {year}", kinship(plant, plant))


@probe(task="kinship", concept="node")
def test_cousins_and_unknown_parents(observe):
    """Cousins, uncle and niece, an animal with its grandparent, one known parent only."""
    a, b, c, d = (Value(1990.0 + i, label=name) for i, name in enumerate("abcd"))
    p, q = made("", a, b, data=2000.0), made("", a, b, data=2001.0)
    x, y = made("", p, c, data=2010.0), made("", d, q, data=2009.0)
    young = made("", x, y, data=2020.0)
    half_known = made("", q, data=2020.0)
    observe("cousins", [kinship(x, y), kinship(y, x)])
    observe("uncle", [kinship(p, y), kinship(y, p)])
    observe("grandparent", [kinship(a, x), kinship(x, a), kinship(young, b)])
    observe("inbred", kinship(young, young))
    observe("one parent known", [kinship(half_known, a), kinship(half_known, half_known)])
    observe("same year", [kinship(half_known, young), kinship(young, half_known)])
    observe("founders", kinship(c, d))


@probe(task="audit", concept="node")
def test_order_and_sharing(observe):
    """Several mistakes, one of them in a node that is used twice; a report without any."""
    a, b = Value(8.0, label="a"), Value(3.0, label="b")
    s = made("-", a, b, data=11.0, label="difference")
    p = made("*", s, b, data=33.0, label="product")
    q = made("/", a, s, data=1.0, label="quotient")
    total = made("+", q, p, data=44.0, label="total")
    observe("wrong", audit(made("-", total, s, data=33.0, label="rest")))
    observe("other side first", audit(made("+", made("/", b, b, label="one"), s, label="end")))
    observe("fine", audit(made("-", a, b, data=5.0, label="fine")))
    observe("leaf", audit(a))
    observe("as noted", [node.data for node in (s, p, q, total)])


@probe(task="audit", concept="node")
def test_rounded_to_cents(observe):
    """Amounts rounded to cents are right, a cent more is not; drawn amounts."""
    rng = observe.rng
    total, due = Value(0.0, label="start"), 0.0
    for i in range(12):
        amount, off = (
            round(rng.uniform(1.0, 99.0), 2),
            -0.01 if i in (3, 8) else rng.choice((0.0, 0.004)),
        )
        due = round(due + amount, 2) + off
        total = made("+", total, Value(amount), data=due, label=f"row {i}")
        due = total.data
    rate = Value(0.0725, label="rate")
    tax = made("*", Value(100.3, label="net"), rate, data=7.27, label="tax")
    observe("rows", audit(total))
    observe("rounded", audit(tax))


@probe(task="spreadsheet", concept="node")
def test_a_year_of_savings(observe):
    """Twelve months from a drawn deposit: each month's cell needs the one before."""
    deposit = observe.rng.uniform(50.0, 150.0)
    cells = {"month 0": 0, "deposit": deposit, "growth": ("+", 1, "rate"), "rate": 0.004}
    for i in range(12, 0, -1):
        cells[f"sum {i}"] = ("+", f"month {i - 1}", "deposit")
        cells[f"month {i}"] = ("*", f"sum {i}", "growth")
    nodes = spreadsheet(cells)
    observe("names", sorted(nodes) == sorted(cells))
    observe("balances", [nodes[f"month {i}"].data for i in range(13)])
    observe("labels", all(nodes[name].label == name for name in cells))
    growth = nodes["growth"]
    observe("one growth", all(nodes[f"month {i}"]._prev[1] is growth for i in range(1, 13)))
    observe("leaves", [nodes[name]._prev == () for name in ("month 0", "deposit", "rate")])
    observe("a number", [growth._prev[0].data, growth._prev[0].label, growth._prev[0]._op])


@probe(task="spreadsheet", concept="wrapping")
def test_circles_and_missing_cells(observe):
    """Cells in a circle, a cell that needs itself, an unknown name, the four operations."""
    for name, cells in (
        ("circle", {"a": ("+", "b", 1), "b": ("*", "c", 2), "c": ("-", 3, "a")}),
        ("itself", {"a": 1, "b": ("*", "b", "a")}),
        ("unknown", {"a": ("+", "b", 1)}),
        ("text", {"a": [1.0]}),
    ):
        with observe.raises(name):
            spreadsheet(cells)
    nodes = spreadsheet({op: (op, "x", "y") for op in "+-*/"} | {"x": True, "y": 8})
    observe("data", [nodes[name].data for name in "+-*/xy"])
    observe("operations", [nodes[name]._op for name in "+-*/xy"])
    square = spreadsheet({"side": 3, "area": ("*", "side", "side")})["area"]
    observe("square", [len(square._prev), square._prev[0] is square._prev[1]])
    observe("empty", len(spreadsheet({})))
