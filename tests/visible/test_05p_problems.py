"""Visible probes of problem set 05p. They observe; the judge compares with the reference."""

import math

from course.observe import probe
from minigrad.problems_05 import (
    dose_response,
    fit_decay,
    implied_volatility,
    leapfrog,
    log_add_exp,
    magnetization,
    simulated_call,
    weak_acid_ph,
)
from minigrad.scalar import Value


@probe(task="fit_decay", concept="applied-descent")
def test_a_sample_of_iodine(observe):
    """Iodine 131, measured over two and a half weeks: its half-life is eight days."""
    amplitude, rate = fit_decay([0.0, 0.5, 1.5, 2.5], [1.9, 1.41, 0.76, 0.43], steps=150)
    observe("A", amplitude, rtol=1e-9)
    observe("k", rate, rtol=1e-9)


@probe(task="weak_acid_ph", concept="applied-derivatives")
def test_vinegar(observe):
    """Acetic acid, pKa 4.76, at 0.1 mol/l; and a very strong acid, of which K is huge."""
    for c, pka in ((0.1, 4.76), (0.01, -6.0)):
        ph, by_pka, by_concentration = weak_acid_ph(c, pka)
        observe(f"pKa {pka}: pH", ph, rtol=1e-9)
        observe(f"pKa {pka}: ∂pH/∂pKa", by_pka, rtol=1e-7)
        observe(f"pKa {pka}: ∂pH/∂C", by_concentration, rtol=1e-9)


@probe(task="magnetization", concept="applied-derivatives")
def test_a_cold_magnet(observe):
    """Half the critical temperature, no field and a weak one; the slope after one step."""
    m, susceptibility = magnetization(0.5)
    observe("m", m, rtol=1e-9)
    observe("dm/dB", susceptibility, rtol=1e-8)
    observe("in a field", magnetization(0.5, 0.1), rtol=1e-8)
    observe("after one step", magnetization(0.9, 0.1, steps=1), rtol=1e-8)


@probe(task="dose_response", concept="applied-descent")
def test_six_patients(observe):
    """Six doses; from 2 on, most patients respond. After no steps there is no median dose."""
    doses, responses = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0], [0, 0, 1, 0, 1, 1]
    w, b, median = dose_response(doses, responses)
    observe("w", w, rtol=1e-9)
    observe("b", b, rtol=1e-9)
    observe("median dose", median, rtol=1e-9)
    with observe.raises("after no steps"):
        dose_response(doses, responses, steps=0)


@probe(task="leapfrog", concept="applied-derivatives")
def test_a_pendulum(observe):
    """A pendulum of one meter, let go at 1 radian: cos x is sin(x + π/2)."""

    def potential(angle):
        return -9.81 * (angle + math.pi / 2).sin()

    angle, velocity = leapfrog(potential, 1.0, 0.0, 0.02, 50)
    observe("angle after 1 s", angle, rtol=1e-9)
    observe("velocity after 1 s", velocity, rtol=1e-9)


@probe(task="simulated_call", concept="applied-derivatives")
def test_five_paths(observe):
    """A year, a strike at the spot price, five numbers for chance."""
    normals = [-1.5, -0.5, 0.0, 0.7, 1.8]
    price, delta, vega, rho = simulated_call(100.0, 100.0, 0.03, 0.2, 1.0, normals)
    observe("price", price, rtol=1e-9)
    observe("delta", delta, rtol=1e-9)
    observe("vega", vega, rtol=1e-9)
    observe("rho", rho, rtol=1e-9)


@probe(task="implied_volatility", concept="applied-derivatives")
def test_a_price_at_the_money(observe):
    """A call that costs 10.45: about 20 % a year."""
    observe("v", implied_volatility(10.45, 100.0, 100.0, 0.05, 1.0), rtol=1e-8)
    observe("one step", implied_volatility(10.45, 100.0, 100.0, 0.05, 1.0, steps=1), rtol=1e-8)


@probe(task="log_add_exp", concept="numerical-stability")
def test_small_and_equal(observe):
    """ln 2 + ln 3 as logarithms give ln 5; two equal numbers share the gradient."""
    for x, y in ((math.log(2.0), math.log(3.0)), (0.5, 0.5), (1000.0, 999.0)):
        a, b = Value(x), Value(y)
        out = log_add_exp(a, b)
        out.backward()
        observe(f"({x:g}, {y:g})", out.data)
        observe(f"({x:g}, {y:g}): ∂a", a.grad)
        observe(f"({x:g}, {y:g}): ∂b", b.grad)
