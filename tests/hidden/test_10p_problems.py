"""Hidden probes of problem set 10p. They observe; the judge compares with the reference."""

from itertools import pairwise

from course.observe import probe
from minigrad.problems_10 import (
    adversarial_image,
    bioassay,
    deblur,
    ground_state,
    pagerank_sensitivity,
    ridge_fit,
    risk_contributions,
    rod_sensitivity,
    soft_clusters,
)


def matrix(rng, rows, columns, low=-1.0, high=1.0):
    return [[rng.uniform(low, high) for _ in range(columns)] for _ in range(rows)]


@probe(task="ridge_fit", concept="applied-descent")
def test_first_steps_of_a_fit(observe):
    """Drawn samples with four inputs: none, one and three steps."""
    rng = observe.rng
    xs, ys = matrix(rng, 7, 4), [rng.uniform(1.0, 3.0) for _ in range(7)]
    for steps in (0, 1, 3):
        weights, bias = ridge_fit(xs, ys, penalty=0.5, lr=0.05, steps=steps)
        observe(f"weights after {steps}", weights, rtol=1e-9)
        observe(f"bias after {steps}", bias, rtol=1e-9)


@probe(task="ridge_fit", concept="applied-descent")
def test_a_heavy_penalty(observe):
    """One input and a heavy penalty: the weight is small, the bias is not."""
    weights, bias = ridge_fit([[1.0], [2.0], [3.0]], [12, 14, 16], penalty=5.0, lr=0.05)
    observe("weights", weights, rtol=1e-8)
    observe("bias", bias, rtol=1e-8)


@probe(task="bioassay", concept="applied-descent")
def test_groups_of_unequal_size(observe):
    """Drawn groups from 5 to 50 animals, the first steps."""
    rng = observe.rng
    exposed = [rng.randrange(5, 50) for _ in range(4)]
    killed = [round(n * share) for n, share in zip(exposed, (0.1, 0.4, 0.6, 0.9), strict=True)]
    for steps in (1, 2, 20):
        answer = bioassay([0.5, 1.0, 1.5, 2.0], exposed, killed, lr=0.5, steps=steps)
        observe(f"a and b after {steps}", answer[:2], rtol=1e-8)
        observe(f"LD50 after {steps}", answer[2], rtol=1e-6)


@probe(task="bioassay", concept="domain")
def test_nobody_and_everybody(observe):
    """All die of the large dose, none of the small one; and no step at all."""
    answer = bioassay([-1.0, 1.0], [10, 20], [0, 20], lr=1.0, steps=30)
    observe("all or none", answer, rtol=1e-8)
    with observe.raises("no steps"):
        bioassay([-1.0, 1.0], [10, 20], [0, 20], steps=0)


@probe(task="pagerank_sensitivity", concept="matmul")
def test_drawn_links(observe):
    """Five pages with drawn weights, few rounds, another damping."""
    links = matrix(observe.rng, 5, 5, 0.1, 2.0)
    for rounds in (0, 1, 3):
        ranks, gradient = pagerank_sensitivity(links, 1, damping=0.6, rounds=rounds)
        observe(f"ranks after {rounds}", ranks, rtol=1e-9)
        observe(f"gradient after {rounds}", gradient, rtol=1e-8, atol=1e-11)


@probe(task="pagerank_sensitivity", concept="matmul")
def test_weights_scale_out(observe):
    """Weights ten times as large: the same ranks, a tenth of the gradient; no damping."""
    links = [[0, 20, 10], [10, 0, 0], [30, 10, 0]]
    ranks, gradient = pagerank_sensitivity(links, 0, rounds=200)
    observe("ranks", ranks, rtol=1e-9)
    observe("gradient", gradient, rtol=1e-8, atol=1e-11)
    ranks, gradient = pagerank_sensitivity(links, 2, damping=1.0, rounds=2)
    observe("undamped ranks", ranks, rtol=1e-9)
    observe("undamped gradient", gradient, rtol=1e-8, atol=1e-11)


@probe(task="deblur", concept="matmul")
def test_an_image_that_is_not_square(observe):
    """Drawn blurs of rows and columns, and another number of pixels than was seen."""
    rng = observe.rng
    left, right = matrix(rng, 3, 4, 0.0, 0.5), matrix(rng, 5, 2, 0.0, 0.5)
    blurred = matrix(rng, 3, 5, 0.0, 1.0)
    for steps in (0, 1, 8):
        image = deblur(blurred, left, right, lr=0.05, steps=steps)
        observe(f"image after {steps}", image, rtol=1e-8, atol=1e-10)


@probe(task="deblur", concept="applied-descent")
def test_a_shaken_camera(observe):
    """A blur that goes one way: Rᵀ is not R."""
    shaken = [[0.6, 0.0, 0.0, 0.0], [0.4, 0.6, 0.0, 0.0], [0.0, 0.4, 0.6, 0.0], [0, 0, 0.4, 0.6]]
    soft = [[0.8, 0.2], [0.2, 0.8]]
    blurred = [[0.0, 0.6, 0.4, 0.0], [0.6, 1.0, 1.0, 0.4]]
    observe("image", deblur(blurred, soft, shaken), rtol=1e-8, atol=1e-9)


@probe(task="rod_sensitivity", concept="applied-derivatives")
def test_a_drawn_rod(observe):
    """Nine points over thirty steps."""
    rng = observe.rng
    start, seen = ([rng.uniform(0.0, 20.0) for _ in range(9)] for _ in range(2))
    misfit, by_alpha, by_start = rod_sensitivity(start, seen, rng.uniform(0.1, 0.4), 30)
    observe("misfit", misfit, rtol=1e-9)
    observe("∂/∂alpha", by_alpha, rtol=1e-7, atol=1e-8)
    observe("∂/∂start", by_start, rtol=1e-7, atol=1e-9)


@probe(task="rod_sensitivity", concept="domain")
def test_short_rods(observe):
    """No time at all, a rod of two points, a perfect model."""
    for name, rod in (
        ("no time", ([1.0, 2.0, 4.0], [0.0, 0.0, 0.0], 0.3, 0)),
        ("two points", ([0.0, 8.0], [1.0, 2.0], 0.25, 2)),
        ("level", ([5.0, 5.0, 5.0], [5.0, 5.0, 5.0], 0.3, 4)),
    ):
        misfit, by_alpha, by_start = rod_sensitivity(*rod)
        observe(f"{name}: misfit", misfit)
        observe(f"{name}: ∂/∂alpha", by_alpha)
        observe(f"{name}: ∂/∂start", by_start)


@probe(task="soft_clusters", concept="applied-descent")
def test_drawn_clusters(observe):
    """Three coordinates, four centers, a few steps."""
    rng = observe.rng
    points, centers = matrix(rng, 10, 3), matrix(rng, 4, 3)
    for steps in (0, 1, 5):
        moved = soft_clusters(points, centers, 1.5, lr=0.2, steps=steps)
        observe(f"after {steps}", moved, rtol=1e-8)
    observe("the start is kept", soft_clusters(points, centers, 1.5, steps=0), rtol=1e-8)


@probe(task="soft_clusters", concept="numerical-stability")
def test_sharp_and_far(observe):
    """Points far away from every center, and a large sharpness."""
    points = [[0.0], [1.0], [100.0], [103.0]]
    observe("far", soft_clusters(points, [[40.0], [60.0]], 10.0, steps=3), rtol=1e-8)
    observe("one center", soft_clusters(points, [[50]], 0.01, lr=0.5, steps=1), rtol=1e-8)


@probe(task="risk_contributions", concept="applied-derivatives")
def test_a_drawn_portfolio(observe):
    """Five assets from three drawn factors, one of them short."""
    rng = observe.rng
    loads = matrix(rng, 5, 3)
    covariance = [
        [sum(a * b for a, b in zip(p, q, strict=True)) + 0.1 * (p is q) for q in loads]
        for p in loads
    ]
    sigma, parts = risk_contributions([3.0, 1.0, -2.0, 0.5, 1.5], covariance)
    observe("σ", sigma, rtol=1e-9)
    observe("parts", parts, rtol=1e-8)


@probe(task="risk_contributions", concept="applied-derivatives")
def test_plain_portfolios(observe):
    """One asset; two that are independent; one that is not held."""
    for name, holdings, covariance in (
        ("one", [3], [[4]]),
        ("two", [1, 1], [[1, 0], [0, 4]]),
        ("not held", [2.0, 0.0], [[0.25, 0.1], [0.1, 0.5]]),
    ):
        sigma, parts = risk_contributions(holdings, covariance)
        observe(f"{name}: σ", sigma)
        observe(f"{name}: parts", parts)


@probe(task="ground_state", concept="applied-descent")
def test_a_particle_in_a_box(observe):
    """Seven points of a box, from a lopsided start: on the way."""
    n = 7
    h = [[2.0 if i == j else -1.0 if abs(i - j) == 1 else 0.0 for j in range(n)] for i in range(n)]
    for steps in (1, 10, 40):
        energy, state = ground_state(h, [1, 2, 3, 2, 1, 1, 0], lr=0.3, steps=steps)
        observe(f"E after {steps}", energy, rtol=1e-9)
        observe(f"ψ after {steps}", state, rtol=1e-7)


@probe(task="ground_state", concept="applied-descent")
def test_a_drawn_hamiltonian(observe):
    """Drawn levels and couplings; a start that is an eigenstate stays."""
    rng = observe.rng
    h = matrix(rng, 4, 4)
    h = [[h[i][j] + h[j][i] for j in range(4)] for i in range(4)]
    energy, state = ground_state(h, [2.0, -1.0, 0.5, 1.0], lr=0.05, steps=15)
    observe("E", energy, rtol=1e-8, atol=1e-10)
    observe("ψ", state, rtol=1e-7, atol=1e-9)
    energy, state = ground_state([[1.0, 0.0], [0.0, 3.0]], [0, 2], steps=5)
    observe("E of an eigenstate", energy)
    observe("an eigenstate", state)


@probe(task="adversarial_image", concept="applied-derivatives")
def test_a_drawn_network(observe):
    """Six pixels, three layers, three classes, drawn."""
    rng = observe.rng
    sizes = [6, 5, 4, 3]
    layers = [
        (matrix(rng, a, b), [rng.uniform(0.1, 0.9) for _ in range(b)]) for a, b in pairwise(sizes)
    ]
    image = [rng.uniform(0.2, 0.8) for _ in range(6)]
    for label in range(3):
        observe(f"class {label}", adversarial_image(image, layers, label, 0.03))


@probe(task="adversarial_image", concept="domain")
def test_black_and_white_pixels(observe):
    """One layer; pixels at the ends of their range; a pixel without a weight; strength 0."""
    layers = [([[1.0, -1.0], [-1.0, 1.0], [2.0, -2.0], [-2.0, 2.0], [0.0, 0.0]], [-4.5, -3.5])]
    image = [0.0, 0.0, 1.0, 1.0, 0.5]
    observe("class 0", adversarial_image(image, layers, 0, 0.25))
    observe("class 1", adversarial_image(image, layers, 1, 0.25))
    observe("no strength", adversarial_image(image, layers, 1, 0.0))
    rivals = [([[1.0, 2.5], [3.0, -1.0]], [0.1, 0.2])]
    observe("rivals", adversarial_image([0.45, 0.55], rivals, 0, 0.125))
