"""Seeing the graph: its nodes and edges, as data, as text and as DOT."""

from minigrad.scalar import topological_order


def trace(root):
    """Return (nodes, edges) of the graph below `root`, in a deterministic order.

    `nodes`: every reachable node once, inputs before outputs. `edges`: a list
    of (input, output) pairs, output by output in the order of `nodes`, inputs
    in the order of `_prev`; `a * a` has two equal edges.
    """
    raise NotImplementedError("phase 09: trace")


def text_tree(root):
    """The graph as an indented text, `root` first, each input two spaces deeper.

    Below a node stand its inputs in the order of `_prev`. A line is
    `name data=… grad=…`, where name is the label, else the op, else "leaf", and
    both numbers are printed as `format(number, ".4f")`. A node that was printed
    before, a leaf too, is printed again as one line ending in " (see above)",
    without its inputs. Each call starts anew. Nodes are told apart by identity,
    not by what they print. Lines are joined by newlines, with none at the end.
    """
    raise NotImplementedError("phase 09: text_tree")


def to_dot(root):
    """The graph in Graphviz's DOT language, a string.

    Starts with `digraph {` and ends with `}`; between them a line `n0 [label="…"];`
    per node, numbered in the order of `trace`, the label as a line of
    `text_tree` without indentation, with `\\` and `"` escaped by a backslash;
    then a line `n0 -> n2;` per edge. Each of these lines is indented by two
    spaces.
    """
    raise NotImplementedError("phase 09: to_dot")
