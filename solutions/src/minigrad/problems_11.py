"""Problem set 11p: few nodes, and none kept too long. The tasks are in lab/11p-problems.md."""

import math
from collections import Counter

from minigrad.fast import Value, dot, topological_order, total


# phase 11p: price_index
def price_index(old, new, quantities):
    """How much dearer life has become, and through which goods: (index, elasticities).

    `old`, `new` and `quantities` are lists of n positive numbers: what each good cost,
    what it costs now, and how much of it is bought. The index (Laspeyres, 1871) is what
    these quantities cost at the new prices over what they cost at the old ones. The
    elasticity of a good is the growth of the index, in percent, if the good's new price
    grows by one percent: new price over index, times the derivative of the index with
    respect to that price. A float and a list of n floats, which add up to 1.
    """
    prices = [Value(price) for price in new]
    index = dot(prices, quantities) / dot(old, quantities)
    index.backward()
    return index.data, [price.data / index.data * price.grad for price in prices]


# phase 11p: one_node
def one_node(value, inputs, slopes):
    """Any operation as one node, once its numbers are known: a Value.

    `value` is the number that the operation has given, `inputs` the list of Values it was
    computed from, and `slopes` a list of floats: its local derivative with respect to
    each of them. The result has the data `value`. Backward, each input receives its slope
    times the result's gradient, also an input that stands in the list twice.

    Use what every fast engine has, and not the inside of yours: the graph below the
    result consists of the result, the inputs with what they were computed from, and at most
    n further leaves. Raises ValueError where the two lists differ in length or are empty.
    """
    out = dot(slopes, inputs)
    out.data = float(value)
    return out


# phase 11p: log_sum_exp
def log_sum_exp(xs):
    """ln Σ e^x over a list of Values, as one node of `one_node`.

    The derivatives are worked out with plain numbers and are the softmax of the inputs:
    n of them, which add up to 1. Stable: for inputs of 1000 or −1000 it works as well.
    Raises ValueError for an empty list.
    """
    if not xs:
        raise ValueError("log_sum_exp needs one Value at least")
    top = max(x.data for x in xs)
    powers = [math.exp(x.data - top) for x in xs]
    whole = sum(powers)
    return one_node(top + math.log(whole), xs, [power / whole for power in powers])


# phase 11p: rate_of_return
def rate_of_return(flows):
    """The interest that an investment bears, as one node over its payments: a Value.

    `flows` is a list of Values: what is paid (negative) at the start, then what comes
    back after 1, 2, … years. The internal rate r makes them worth 0 today:
    Σ c_k / (1 + r)^k = 0. Find it with plain numbers, to 12 digits or more, by Newton's
    method or another. Its derivatives need no graph of the iteration, since the equation
    holds for whatever payments: ∂r/∂c_k = −(1 + r)^(−k) / D, with D the derivative of the
    sum with respect to r. The result is one node of `one_node`.

    Raises ValueError unless the first payment is negative, no other is, and together
    more comes back than was paid.
    """
    payments = [flow.data for flow in flows]
    if not payments or payments[0] >= 0 or min(payments[1:], default=-1) < 0 or sum(payments) <= 0:
        raise ValueError("payments must begin with a negative one and bring in more than it costs")
    discount = 1.0  # 1/(1 + r): the sum is a polynomial in it, convex, and positive here
    for _ in range(200):
        height = slope = 0.0
        for payment in reversed(payments):
            slope = slope * discount + height
            height = height * discount + payment
        step = height / slope
        discount -= step
        if step <= 1e-15 * discount:
            break
    slopes = [discount ** (k - 2) / slope for k in range(len(payments))]
    return one_node(1.0 / discount - 1.0, flows, slopes)


# phase 11p: epoch_gradient
def epoch_gradient(loss_of, samples, parameters):
    """The mean loss over all samples and its gradient, with one graph at a time.

    `loss_of(sample)` computes a new graph and returns the sample's loss, a Value;
    `samples` is a list with one sample at least, and `parameters` a list of Values, which
    are leaves. Returns (mean, gradient): a float, and a list of floats, one for each
    parameter. The parameters begin without gradients, whatever they had before; at
    the end theirs are those that are returned, and their data are as before.

    The graph of all samples together may be too large to keep. So when `loss_of` is
    called, no node of an earlier sample's graph is held any longer, not even by the name
    of the last loss. Each sample is computed once.
    """
    for parameter in parameters:
        parameter.grad = 0.0

    def share(sample):
        loss = loss_of(sample)
        (loss * (1 / len(samples))).backward()
        return loss.data / len(samples)

    mean = sum([share(sample) for sample in samples])
    return mean, [parameter.grad for parameter in parameters]


# phase 11p: fuse_sums
def fuse_sums(root):
    """A compiler's pass: the same computation, with sums of sums as one node each.

    The graph below `root` has leaves, "+" and "*", and no other operations. Returns the
    root of a new graph over the same leaves, with the same data. A "+" whose only use is as
    a term of another "+" gets no node of its own: its terms stand among that one's, in the
    order in which they were written. Every other "+" is one node, made with `total`, and every "*"
    one node with the same two factors, in order. A node that was used several times is
    made once and used as often. The old graph stays as it is; a root that is a leaf is
    returned itself.

    Long sums work as well: the time is linear in the number of nodes, and nothing recurses
    once per node.
    """
    order = topological_order(root)
    uses = Counter(parent for node in order for parent in node._prev)
    sums = [node for node in order if node._op == "+"]
    terms = [parent for node in sums for parent in node._prev]
    inside = {term for term in terms if term._op == "+" and uses[term] == 1}
    made = {node: node for node in order if not node._prev}
    for node in order:
        if node._op == "*":
            left, right = node._prev
            made[node] = made[left] * made[right]
        elif node._op == "+" and node not in inside:
            found, stack = [], [*reversed(node._prev)]
            while stack:
                term = stack.pop()
                if term in inside:
                    stack += reversed(term._prev)
                else:
                    found.append(made[term])
            made[node] = total(found)
    return made[root]
