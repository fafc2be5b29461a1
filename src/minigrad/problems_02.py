"""Problem set 02p: graphs made by hand. The tasks are in lab/02p-problems.md."""

import operator
from collections import Counter

from minigrad.scalar import Value, as_value

OPERATIONS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def census(root):
    """What a graph is made of: (nodes, leaves, edges, shared), four ints.

    Counts every node that `root` was made from, itself included, once, however
    many ways lead to it; two nodes are the same only if they are one object. A
    leaf has no parents. There is an edge for every entry of every node's `_prev`,
    repeats included. A shared node is one to which two edges or more lead. Must be
    quick for a ladder of 40 nodes, each made from the one before it twice.
    """
    raise NotImplementedError("phase 02p: census")


def formula_text(root):
    """The formula that a graph stands for, as text with all its brackets.

    A leaf is written as its label, or, where the label is empty, as its data the
    way Python prints a float. A node with two parents is written with its `_op`
    between them, spaces around it and brackets around all: "((a * b) + 2.0)". A
    node with one parent is its `_op` with the parent in brackets: "sqrt(a)", and
    "sqrt((a + b))". Labels of nodes with parents are not used.
    """
    raise NotImplementedError("phase 02p: formula_text")


def dimensions(root):
    """The unit of a formula's result: a dict of base unit: exponent (a whole number not 0).

    A leaf's label is its unit: base units with spaces between them, each with a
    whole exponent behind "^" or none for 1, such as "kg m^2 s^-2"; "" for a pure
    number. A unit may be named several times: their exponents add. Operation nodes
    have two parents. Sums and differences ("+", "-") need parents of the same
    unit and have it too, products ("*") add exponents, quotients ("/") subtract
    them; no data matters. Raises ValueError where units differ in a sum or a
    difference, and for any other operation.
    """
    raise NotImplementedError("phase 02p: dimensions")


def parts_list(product):
    """What has to be bought to build a product: a dict of label: number of pieces.

    A node with parents is an assembly of them, a leaf is a part to be bought. An
    assembly that is used twice is built twice, so every use counts: the two wheels
    of a bicycle may be one node, twice in the frame's `_prev`, and their spokes
    are needed twice. Different leaves with equal labels count together. A product
    that is a leaf itself is bought: {label: 1}.
    """
    raise NotImplementedError("phase 02p: parts_list")


def critical_path(task):
    """How long a project takes, and because of what: (days, labels), a float and a list.

    A node is a task that takes `data` days and can begin when all of its parents
    are finished; a leaf begins on day 0. `days` is when `task` is finished. The
    labels are those of the tasks that take all this time, in order: from a leaf to
    `task`, each one the parent of the next that finishes last (the first of them
    where two finish together). Must be quick for a ladder of 40 nodes, each with
    the one before it as both parents; no project is more than 200 tasks long.
    """
    raise NotImplementedError("phase 02p: critical_path")


def kinship(a, b):
    """Wright's coefficient of kinship of two animals (or plants): a float.

    A node is an animal, its `data` the year of birth, its parents are its parents,
    both of them, one if only one is known, or none; parents are born before their
    young. The coefficient is the chance that a gene drawn at random from a and one
    drawn from b at the same place are copies of one gene of an ancestor:

    - of an animal with itself: ½·(1 + k), where k is the kinship of its two
      parents, or 0 if one or both are unknown;
    - of two animals: half the sum of the kinships of the one and each known parent
      of the other, where the other is the one born later (any of the two, if in
      the same year). An unknown parent adds nothing: founders are not related.

    The two parents may be one plant that pollinated itself. The kinship of the
    parents is the inbreeding of their young: 1/4 for brother and sister.
    """
    raise NotImplementedError("phase 02p: kinship")


def audit(root):
    """Where a report first went wrong: the labels of the nodes that contradict their parents.

    Every node holds the figure that somebody noted. An operation node (one of
    OPERATIONS, with two parents) is wrong when its data differs by more than 0.005
    from what its `_op` makes of its parents' data as they were noted, wrong or
    not: so a mistake is reported where it was made, and not again where its result
    was used correctly. A leaf is never wrong. A list of labels, each node once,
    parents before what is made of them, the first parent and all behind it before
    the second. Changes nothing.
    """
    raise NotImplementedError("phase 02p: audit")


def spreadsheet(cells):
    """The graph behind a spreadsheet: a dict of name: Value, one for every cell.

    `cells` is a dict of name: content. A content is a number, which becomes a leaf,
    or a tuple (op, a, b) with an op of OPERATIONS, which becomes a node with that
    `_op` and the two parents a and b, its data worked out from theirs. Each of a
    and b is the name of a cell, which may come later in the dict, or a number,
    which becomes a new leaf without a label. Every cell's node is made once, has
    the cell's name for a label, and is the very object that other cells have among
    their parents. Raises ValueError where cells need each other in a circle (a
    cell may need itself), KeyError for a name that no cell has, TypeError for a
    content that is neither a tuple nor a real number.
    """
    raise NotImplementedError("phase 02p: spreadsheet")
