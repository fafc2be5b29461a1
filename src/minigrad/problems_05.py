"""Problem set 05p: functions that bend, put to work. The tasks are in lab/05p-problems.md."""

import math

from minigrad.scalar import Value


def fit_decay(times, activities, lr=0.1, steps=300):
    """Amplitude and decay rate (A, k) of y = A·e^(−k·t), by gradient descent: two floats.

    Starts from A = 1 and k = 0. Each step takes the gradient of the mean squared
    error (1/n) Σ (A·e^(−k·tᵢ) − yᵢ)² at the present A and k, then moves both by
    −lr times their partial derivatives. Times and activities are lists of floats
    of the same length.
    """
    raise NotImplementedError("phase 05p: fit_decay")


def weak_acid_ph(concentration, pka):
    """How acid a weak acid is, and what it depends on: (pH, ∂pH/∂pKa, ∂pH/∂C), three floats.

    `concentration` C > 0 is in mol/l and K = 10^(−pKa). The concentration h of
    hydrogen ions solves h² + K·h − K·C = 0, h > 0, the water's own ions being
    neglected; pH = −log₁₀ h. Must not lose digits where K is much larger than C:
    of the two usual forms of the solution take h = 2KC / (K + √(K² + 4KC)).
    """
    raise NotImplementedError("phase 05p: weak_acid_ph")


def magnetization(temperature, field=0.0, steps=60):
    """A magnet in the mean-field model: (m, dm/dfield), two floats.

    m solves F(m, B) = m − tanh((m + B) / T) = 0 for the temperature T > 0 (in units
    of the critical one) and the field B ≥ 0. It is found by `steps` steps of
    Newton's method from m = 1, m ← m − F / (∂F/∂m), with one forward and one
    backward pass each. The susceptibility follows at the m that was found, from one
    more pass: dm/dB = −(∂F/∂B) / (∂F/∂m). The case T = 1 with B = 0, where ∂F/∂m
    vanishes, is not asked for.
    """
    raise NotImplementedError("phase 05p: magnetization")


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
    raise NotImplementedError("phase 05p: dose_response")


def leapfrog(potential, position, velocity, dt, steps):
    """Where a body of mass 1 is after `steps` steps of dt: (position, velocity), two floats.

    `potential` takes a Value, the position, and returns the potential energy, a
    Value; the acceleration is the negative of its slope, from your engine. One
    step of the leapfrog method: the velocity gains dt/2 times the acceleration
    here, the position gains dt times that velocity, the velocity gains dt/2 times
    the acceleration at the new position.
    """
    raise NotImplementedError("phase 05p: leapfrog")


def simulated_call(spot, strike, rate, volatility, years, normals):
    """A call option priced by simulation: (price, delta, vega, rho), four floats.

    For each number z of `normals` (drawn from a normal distribution by the
    caller) the stock ends at S·e^((r − v²/2)·T + v·√T·z), with the spot price S,
    the rate r and the volatility v per year, T = `years`. The option then pays
    relu(end − strike). The price is the mean payment times e^(−r·T); delta, vega
    and rho are its derivatives with respect to S, v and r, along the same numbers z.
    """
    raise NotImplementedError("phase 05p: simulated_call")


def implied_volatility(price, spot, strike, rate, years, steps=30):
    """The volatility at which the Black–Scholes formula gives `price` for a call: a float.

    The formula: S·N(d₁) − K·e^(−r·T)·N(d₂) with d₁ = (ln(S/K) + (r + v²/2)·T) / (v·√T)
    and d₂ = d₁ − v·√T, for the spot price S, the strike K, the rate r, T = `years`
    and the volatility v. For the normal distribution function use the logistic
    approximation N(d) = σ(1.5976·d + 0.07056·d³), exactly as it stands here. Solved
    by `steps` steps of Newton's method from v = 0.3, v ← v − (formula − price) /
    slope, the slope taken from your engine.
    """
    raise NotImplementedError("phase 05p: implied_volatility")


def log_add_exp(a, b):
    """ln(e^a + e^b) of two Values, a Value that can be passed back through.

    It adds two numbers of which only the logarithms are known, such as tiny
    probabilities. Works for every size of a and b, to an absolute 1e-12: neither
    1000 and 999 nor −1000 and −1001 overflow or become ln 0. The derivatives are
    e^a/(e^a + e^b) and e^b/(e^a + e^b), also where a and b are equal (1/2 each) or
    are one and the same node (1 in all). `backward` is left to the caller.
    """
    raise NotImplementedError("phase 05p: log_add_exp")
