"""Problem set 10p: whole matrices in one graph. The tasks are in lab/10p-problems.md."""

import numpy as np

from minigrad.tensor import Tensor, cross_entropy


# phase 10p: ridge_fit
def ridge_fit(xs, ys, penalty=0.0, lr=0.1, steps=200):
    """A linear model of several inputs, by gradient descent: (weights, bias).

    `xs` is a list of n samples with m numbers each, `ys` a list of n numbers. The
    model is ŷ = X·w + b. The loss is the mean of the n squared residuals plus
    `penalty` times the sum of the squared weights; the bias is not penalized. All
    start from 0, and each of the `steps` steps moves them by −lr times the gradient.
    Returns a list of m floats and a float.
    """
    x, y = Tensor(xs), Tensor(ys).reshape(-1, 1)
    w, b = np.zeros((x.shape[1], 1)), np.zeros(())
    for _ in range(steps):
        weights, bias = Tensor(w), Tensor(b)
        residual = x @ weights + bias - y
        loss = (residual**2).mean() + (weights**2).sum() * penalty
        loss.backward()
        w, b = w - lr * weights.grad, b - lr * bias.grad
    return w.ravel().tolist(), b.item()


# phase 10p: bioassay
def bioassay(doses, exposed, killed, lr=0.1, steps=500):
    """How deadly is a poison? A logistic curve through group data: (a, b, LD50).

    Group i of `exposed[i]` animals got the dose `doses[i]` (often its logarithm),
    and `killed[i]` of them died. An animal dies with the chance σ(z) = 1/(1 + e^(−z)),
    z = a + b·dose. The loss is the mean over all animals, those of all groups, of
    −ln of the chance of what happened to it; group i adds up to
    nᵢ·ln(1 + e^z) − kᵢ·z. From a = b = 0, `steps` steps of gradient descent with
    rate `lr`. LD50 = −a/b is the dose that kills half. Three floats. Raises
    ZeroDivisionError where b is 0. The inputs are such that |z| stays below 30.
    """
    dose, n, k = np.array(doses), np.array(exposed), np.array(killed)
    a, b = 0.0, 0.0
    for _ in range(steps):
        offset, slope = Tensor(a), Tensor(b)
        z = slope * dose + offset
        loss = ((z.exp() + 1.0).log() * n - z * k).sum() / n.sum()
        loss.backward()
        a, b = a - lr * offset.grad.item(), b - lr * slope.grad.item()
    return a, b, -a / b


# phase 10p: pagerank_sensitivity
def pagerank_sensitivity(links, page, damping=0.85, rounds=50):
    """PageRank, and what each link does for one page: (ranks, gradient).

    `links[i][j]` is the weight of the link from page i to page j, 0 where there is
    none; every page links to something. A surfer on page i follows one of its
    links, with chances in proportion to their weights, or (with the chance
    1 − damping) jumps to any of the n pages, all alike. The rank of a page is the
    chance that the surfer is there after `rounds` moves from a start that is 1/n
    everywhere. Returns the list of the n ranks, and a list of n lists: the derivative
    of the rank of `page` (an index) with respect to each weight links[i][j], also
    those that are 0.
    """
    weights = Tensor(links)
    n = weights.shape[0]
    moves = weights / weights.sum(axis=1, keepdims=True)
    rank = Tensor(np.full((1, n), 1 / n))
    for _ in range(rounds):
        rank = rank @ moves * damping + (1 - damping) / n
    (rank * np.eye(n)[page]).sum().backward()
    return rank.data[0].tolist(), weights.grad.tolist()


# phase 10p: deblur
def deblur(blurred, left, right, lr=0.4, steps=100):
    """A sharp image from a blurred one, by gradient descent: a list of lists of floats.

    A camera that blurs rows and columns turns the image I into L·I·Rᵀ, with the
    matrices `left` for L and `right` for R. Finds the image whose blur comes close
    to `blurred` (all are lists of lists): the loss is the sum of the squared
    differences of all pixels. Starts from an image of zeros, with as many rows as
    `left` has columns and as many columns as `right` has; they need not be square.
    `steps` steps with rate `lr`.
    """
    seen, rows, columns = Tensor(blurred), Tensor(left), Tensor(right).transpose()
    image = np.zeros((rows.shape[1], columns.shape[0]))
    for _ in range(steps):
        guess = Tensor(image)
        ((rows @ guess @ columns - seen) ** 2).sum().backward()
        image = image - lr * guess.grad
    return image.tolist()


# phase 10p: rod_sensitivity
def rod_sensitivity(start, observed, alpha, steps):
    """Heat in a rod: how far a model is off, and why: (misfit, ∂/∂alpha, [∂/∂startᵢ]).

    `start` holds the temperatures of n points along the rod, two at least. In a time
    step each point i moves towards its neighbors: its temperature grows by
    alpha·(Tᵢ₋₁ − 2Tᵢ + Tᵢ₊₁), all at once; an end has one neighbor only, and grows by
    alpha·(neighbor − itself). The misfit is the mean of the squared differences
    between the temperatures after `steps` such steps and `observed`. Returns it, its
    derivative by `alpha`, and the list of those by the n temperatures at the start.
    """
    n = len(start)
    bend = np.eye(n, k=1) + np.eye(n, k=-1)
    bend = Tensor(bend - np.diag(bend.sum(axis=1)))
    first, conductivity = Tensor(np.reshape(start, (n, 1))), Tensor(alpha)
    heat = first
    for _ in range(steps):
        heat = heat + bend @ heat * conductivity
    misfit = ((heat - np.reshape(observed, (n, 1))) ** 2).mean()
    misfit.backward()
    return misfit.data.item(), conductivity.grad.item(), first.grad.ravel().tolist()


# phase 10p: soft_clusters
def soft_clusters(points, centers, sharpness, lr=0.1, steps=50):
    """Cluster centers that share the points softly: k lists of floats.

    `points` are n lists of m coordinates, `centers` the k centers at the start. With
    the squared distance d²ᵢⱼ from point i to center j and β = `sharpness` > 0, the
    loss is the mean over the points i of −(1/β)·ln Σⱼ e^(−β·d²ᵢⱼ), a smooth version of
    the squared distance to the nearest center. `steps` steps of gradient descent
    with rate `lr` move all the centers. Stable: with β·d² of 10,000 for every center
    it works as well (subtract each row's largest exponent first, and add it again).
    """
    x = Tensor(points).reshape(len(points), 1, -1)
    c = np.array(centers, dtype=float)
    for _ in range(steps):
        moving = Tensor(c)
        exponents = ((x - moving) ** 2).sum(axis=2) * -sharpness
        top = exponents.data.max(axis=1, keepdims=True)
        soft_largest = (exponents - top).exp().sum(axis=1).log() + top[:, 0]
        (soft_largest.mean() / -sharpness).backward()
        c = c - lr * moving.grad
    return c.tolist()


# phase 10p: risk_contributions
def risk_contributions(holdings, covariance):
    """The risk of a portfolio, and each asset's part of it: (σ, [cᵢ]).

    `holdings` is a list of n amounts w (negative ones are short positions), and
    `covariance` the n×n matrix C of the assets' returns. The risk is σ = √(wᵀ·C·w). The
    part of asset i is cᵢ = wᵢ·∂σ/∂wᵢ, and the parts add up to σ, since doubling all
    the holdings doubles the risk. A part is negative where an asset hedges the
    others.
    """
    w = Tensor(holdings)
    variance = w.reshape(1, -1) @ Tensor(covariance) @ w.reshape(-1, 1)
    sigma = variance.sum() ** 0.5
    sigma.backward()
    return sigma.data.item(), (w.data * w.grad).tolist()


# phase 10p: ground_state
def ground_state(hamiltonian, start, lr=0.1, steps=200):
    """The state of lowest energy, by the variational principle: (energy, state).

    The energy of a state ψ is E = (ψᵀ·H·ψ) / (ψᵀ·ψ), for the symmetric matrix H; no
    state has less than the lowest eigenvalue. From `start` (a list of n floats, not
    all 0) take `steps` steps ψ ← ψ − lr·∂E/∂ψ, without normalizing in between.
    Returns the energy of the last ψ, a float, and that ψ divided by its length, a list.
    """
    h, state = Tensor(hamiltonian), np.reshape(start, (-1, 1)).astype(float)
    for _ in range(steps + 1):
        psi = Tensor(state)
        energy = (psi * (h @ psi)).sum() / (psi * psi).sum()
        energy.backward()
        state = state - lr * psi.grad
    return energy.data.item(), (psi.data / np.linalg.norm(psi.data)).ravel().tolist()


# phase 10p: adversarial_image
def adversarial_image(image, layers, label, strength):
    """An image changed a little so that a network likes its label less: a list of floats.

    `image` is a list of pixels from 0 to 1. `layers` is a list of pairs (weights,
    biases), one at least: weights[i][j] leads from input i to output j, with one
    bias per output. A relu follows every layer but the last, whose outputs are the
    logits. The loss is the cross-entropy for `label`, the index of the right class.
    Each pixel moves by `strength` in the direction in which the loss grows, stays
    where its gradient is 0, and is then brought back to the range from 0 to 1. No
    weight changes.
    """
    pixels = Tensor([image])
    signal = pixels
    for i, (weights, biases) in enumerate(layers):
        signal = (signal.relu() if i else signal) @ Tensor(weights) + Tensor(biases)
    cross_entropy(signal, [label]).backward()
    return np.clip(pixels.data + strength * np.sign(pixels.grad), 0.0, 1.0)[0].tolist()
