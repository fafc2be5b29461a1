"""Visible probes of problem set 10p. They observe; the judge compares with the reference."""

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


@probe(task="ridge_fit", concept="applied-descent")
def test_flats(observe):
    """The rent of five flats by size and distance, both scaled, with a penalty and without; the
    start."""
    xs = [[-1.0, 0.5], [-0.5, -1.0], [0.0, 1.0], [0.5, -0.5], [1.0, 0.0]]
    ys = [4.1, 6.0, 5.2, 7.4, 7.9]
    for penalty in (0.0, 0.1):
        weights, bias = ridge_fit(xs, ys, penalty)
        observe(f"weights at {penalty}", weights, rtol=1e-8)
        observe(f"bias at {penalty}", bias, rtol=1e-8)
    observe("the start", ridge_fit(xs, ys, steps=0)[0])


@probe(task="bioassay", concept="applied-descent")
def test_beetles(observe):
    """Six groups of beetles, doses as logarithms around their mean; no steps, no LD50."""
    doses = [-0.5, -0.3, -0.1, 0.1, 0.3, 0.5]
    exposed = [59, 60, 62, 56, 63, 59]
    a, b, half = bioassay(doses, exposed, [6, 13, 18, 28, 52, 53], lr=2.0, steps=50)
    observe("a", a, rtol=1e-8)
    observe("b", b, rtol=1e-8)
    observe("LD50", half, rtol=1e-8)
    with observe.raises("no steps"):
        bioassay(doses, exposed, [6, 13, 18, 28, 52, 53], steps=0)


@probe(task="pagerank_sensitivity", concept="matmul")
def test_four_pages(observe):
    """Four pages, of which the third is linked to by all the others; two unequal links."""
    links = [[0, 1, 1, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]
    ranks, gradient = pagerank_sensitivity(links, 3)
    observe("ranks", ranks, rtol=1e-9)
    observe("gradient", gradient, rtol=1e-8, atol=1e-11)
    ranks, gradient = pagerank_sensitivity([[1, 3], [2, 2]], 0, damping=0.5, rounds=1)
    observe("ranks of two", ranks)
    observe("gradient of two", gradient, rtol=1e-8)


@probe(task="deblur", concept="applied-descent")
def test_a_cross(observe):
    """A cross of 3 × 3 pixels, smeared to the right only; two pixels seen as one."""
    smear = [[0.75, 0.0, 0.0], [0.25, 0.75, 0.0], [0.0, 0.25, 1.0]]
    still = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    blurred = [[0.0, 0.75, 0.25], [0.75, 1.0, 1.25], [0.0, 0.75, 0.25]]
    observe("1 step", deblur(blurred, still, smear, steps=1), rtol=1e-9)
    observe("60 steps", deblur(blurred, still, smear, steps=60), rtol=1e-8, atol=1e-10)
    observe("two seen as one", deblur([[0.5]], [[1.0]], [[0.5, 0.5]], steps=1), rtol=1e-9)


@probe(task="rod_sensitivity", concept="applied-derivatives")
def test_a_rod_hot_at_one_end(observe):
    """Four points, the last one hot, after one step and after five."""
    for steps in (1, 5):
        misfit, by_alpha, by_start = rod_sensitivity(
            [0.0, 0.0, 0.0, 9.0], [0.0, 1.0, 3.0, 5.0], 0.25, steps
        )
        observe(f"misfit after {steps}", misfit, rtol=1e-9)
        observe(f"∂/∂alpha after {steps}", by_alpha, rtol=1e-8)
        observe(f"∂/∂start after {steps}", by_start, rtol=1e-8, atol=1e-10)


@probe(task="soft_clusters", concept="applied-descent")
def test_two_groups(observe):
    """Six points in two groups, two centers between them; and two points far away."""
    points = [[0.0, 0.0], [0.4, 0.1], [0.1, 0.5], [3.0, 3.0], [3.3, 2.8], [2.9, 3.4]]
    start = [[1.0, 1.5], [2.0, 1.5]]
    observe("after 1", soft_clusters(points, start, 0.5, steps=1), rtol=1e-9)
    observe("after 50", soft_clusters(points, start, 0.5), rtol=1e-8)
    far = soft_clusters([[0.0], [100.0]], [[40.0], [60.0]], 10.0, steps=1)
    observe("far from both centers", far, rtol=1e-9)


@probe(task="risk_contributions", concept="applied-derivatives")
def test_two_assets_and_a_hedge(observe):
    """The third asset moves against the first two."""
    covariance = [[0.04, 0.018, -0.01], [0.018, 0.09, -0.012], [-0.01, -0.012, 0.01]]
    sigma, parts = risk_contributions([0.5, 0.3, 0.2], covariance)
    observe("σ", sigma)
    observe("parts", parts)


@probe(task="ground_state", concept="applied-descent")
def test_two_levels(observe):
    """H = ((2, −1), (−1, 2)): the lowest energy is 1, of the state (1, 1)/√2."""
    h = [[2.0, -1.0], [-1.0, 2.0]]
    for steps in (0, 3, 200):
        energy, state = ground_state(h, [1.0, 0.0], steps=steps)
        observe(f"E after {steps}", energy, rtol=1e-9)
        observe(f"ψ after {steps}", state, rtol=1e-8)


@probe(task="adversarial_image", concept="applied-derivatives")
def test_four_pixels(observe):
    """A network of two layers; one pixel is not looked at."""
    first = ([[1.0, -0.5], [0.3, 0.8], [0.0, 0.0], [-0.7, 0.6]], [0.2, 0.3])
    second = ([[1.0, -1.0], [-0.4, 0.9]], [-4.0, -3.9])
    image = [0.9, 0.2, 0.6, 0.05]
    observe("class 0", adversarial_image(image, [first, second], 0, 0.1))
    observe("class 1", adversarial_image(image, [first, second], 1, 0.1))
