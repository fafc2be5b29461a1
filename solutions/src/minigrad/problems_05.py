"""Problem set 05p: functions that bend, put to work. The tasks are in lab/05p-problems.md."""

import math

from minigrad.scalar import Value


# phase 05p: fit_decay
def fit_decay(times, activities, lr=0.1, steps=300):
    """Amplitude and decay rate (A, k) of y = A·e^(−k·t), by gradient descent: two floats.

    Starts from A = 1 and k = 0. Each step takes the gradient of the mean squared
    error (1/n) Σ (A·e^(−k·tᵢ) − yᵢ)² at the present A and k, then moves both by
    −lr times their partial derivatives. Times and activities are lists of floats
    of the same length.
    """
    amplitude, rate = Value(1.0), Value(0.0)
    samples = list(zip(times, activities, strict=True))
    for _ in range(steps):
        error = sum((amplitude * (-rate * t).exp() - y) ** 2 for t, y in samples) / len(samples)
        error.zero_grad()
        error.backward()
        amplitude.data -= lr * amplitude.grad
        rate.data -= lr * rate.grad
    return amplitude.data, rate.data


# phase 05p: weak_acid_ph
def weak_acid_ph(concentration, pka):
    """How acid a weak acid is, and what it depends on: (pH, ∂pH/∂pKa, ∂pH/∂C), three floats.

    `concentration` C > 0 is in mol/l and K = 10^(−pKa). The concentration h of
    hydrogen ions solves h² + K·h − K·C = 0, h > 0, the water's own ions being
    neglected; pH = −log₁₀ h. Must not lose digits where K is much larger than C:
    of the two usual forms of the solution take h = 2KC / (K + √(K² + 4KC)).
    """
    c, strength = Value(concentration), Value(pka)
    k = (strength * -math.log(10)).exp()
    h = 2 * k * c / (k + (k * k + 4 * k * c) ** 0.5)
    ph = -h.log() / math.log(10)
    ph.backward()
    return ph.data, strength.grad, c.grad


# phase 05p: magnetization
def magnetization(temperature, field=0.0, steps=60):
    """A magnet in the mean-field model: (m, dm/dfield), two floats.

    m solves F(m, B) = m − tanh((m + B) / T) = 0 for the temperature T > 0 (in units
    of the critical one) and the field B ≥ 0. It is found by `steps` steps of
    Newton's method from m = 1, m ← m − F / (∂F/∂m), with one forward and one
    backward pass each. The susceptibility follows at the m that was found, from one
    more pass: dm/dB = −(∂F/∂B) / (∂F/∂m). The case T = 1 with B = 0, where ∂F/∂m
    vanishes, is not asked for.
    """

    def equation(m):
        node, b = Value(m), Value(field)
        f = node - ((node + b) / temperature).tanh()
        f.backward()
        return f.data, node.grad, b.grad

    m = 1.0
    for _ in range(steps):
        f, by_m, _ = equation(m)
        m -= f / by_m
    _, by_m, by_field = equation(m)
    return m, -by_field / by_m


# phase 05p: dose_response
def dose_response(doses, responses, lr=0.5, steps=60):
    """Logistic regression on one feature, by gradient descent: (w, b, median dose).

    The model: a patient responds to the dose x with the probability
    p = σ(w·x + b). `responses` are 1 (did) or 0 (did not). Starts from w = b = 0.
    Each step takes the gradient of the mean negative log-likelihood,
    (1/n) Σ (−ln pᵢ where the response is 1, −ln(1 − pᵢ) where it is 0), and moves
    both parameters by −lr times their partial derivatives. The median dose is the
    one with p = 1/2: −b/w. Raises ZeroDivisionError where w is 0, as after no
    steps. Three floats.
    """
    w, b = Value(0.0), Value(0.0)
    patients = list(zip(doses, responses, strict=True))
    for _ in range(steps):
        chances = [((w * x + b).sigmoid(), outcome) for x, outcome in patients]
        likelihood = sum((p if outcome else 1 - p).log() for p, outcome in chances)
        loss = -likelihood / len(patients)
        loss.zero_grad()
        loss.backward()
        w.data -= lr * w.grad
        b.data -= lr * b.grad
    return w.data, b.data, -b.data / w.data


# phase 05p: leapfrog
def leapfrog(potential, position, velocity, dt, steps):
    """Where a body of mass 1 is after `steps` steps of dt: (position, velocity), two floats.

    `potential` takes a Value, the position, and returns the potential energy, a
    Value; the acceleration is the negative of its slope, from your engine. One
    step of the leapfrog method: the velocity gains dt/2 times the acceleration
    here, the position gains dt times that velocity, the velocity gains dt/2 times
    the acceleration at the new position.
    """

    def acceleration(q):
        place = Value(q)
        potential(place).backward()
        return -place.grad

    for _ in range(steps):
        velocity += dt / 2 * acceleration(position)
        position += dt * velocity
        velocity += dt / 2 * acceleration(position)
    return position, velocity


# phase 05p: simulated_call
def simulated_call(spot, strike, rate, volatility, years, normals):
    """A call option priced by simulation: (price, delta, vega, rho), four floats.

    For each number z of `normals` (drawn from a normal distribution by the
    caller) the stock ends at S·e^((r − v²/2)·T + v·√T·z), with the spot price S,
    the rate r and the volatility v per year, T = `years`. The option then pays
    relu(end − strike). The price is the mean payment times e^(−r·T); delta, vega
    and rho are its derivatives with respect to S, v and r, along the same numbers z.
    """
    s, r, v = Value(spot), Value(rate), Value(volatility)
    drift = (r - v * v / 2) * years
    ends = [s * (drift + v * (years**0.5 * z)).exp() for z in normals]
    price = (-r * years).exp() * sum((end - strike).relu() for end in ends) / len(ends)
    price.backward()
    return price.data, s.grad, v.grad, r.grad


# phase 05p: implied_volatility
def implied_volatility(price, spot, strike, rate, years, steps=30):
    """The volatility at which the Black–Scholes formula gives `price` for a call: a float.

    The formula: S·N(d₁) − K·e^(−r·T)·N(d₂) with d₁ = (ln(S/K) + (r + v²/2)·T) / (v·√T)
    and d₂ = d₁ − v·√T, for the spot price S, the strike K, the rate r, T = `years`
    and the volatility v. For the normal distribution function use the logistic
    approximation N(d) = σ(1.5976·d + 0.07056·d³), exactly as it stands here. Solved
    by `steps` steps of Newton's method from v = 0.3, v ← v − (formula − price) /
    slope, the slope taken from your engine.
    """

    def normal(d):
        return (1.5976 * d + 0.07056 * d**3).sigmoid()

    volatility = 0.3
    for _ in range(steps):
        v = Value(volatility)
        spread = v * years**0.5
        d = (math.log(spot / strike) + rate * years) / spread + spread / 2
        call = spot * normal(d) - strike * math.exp(-rate * years) * normal(d - spread)
        call.backward()
        volatility -= (call.data - price) / v.grad
    return volatility


# phase 05p: log_add_exp
def log_add_exp(a, b):
    """ln(e^a + e^b) of two Values, a Value that can be passed back through.

    It adds two numbers of which only the logarithms are known, such as tiny
    probabilities. Works for every size of a and b, to an absolute 1e-12: neither
    1000 and 999 nor −1000 and −1001 overflow or become ln 0. The derivatives are
    e^a/(e^a + e^b) and e^b/(e^a + e^b), also where a and b are equal (1/2 each) or
    are one and the same node (1 in all). `backward` is left to the caller.
    """
    low, high = (a, b) if a.data < b.data else (b, a)
    return high + (1 + (low - high).exp()).log()
