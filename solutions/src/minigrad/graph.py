"""Seeing the graph: its nodes and edges, as data, as text and as DOT."""

from minigrad.scalar import topological_order


# phase 09: trace
def trace(root):
    """Return (nodes, edges) of the graph below `root`, in a deterministic order.

    `nodes`: every reachable node once, inputs before outputs. `edges`: a list
    of (input, output) pairs, output by output in the order of `nodes`, inputs
    in the order of `_prev`; `a * a` has two equal edges.
    """
    nodes = topological_order(root)
    return nodes, [(parent, node) for node in nodes for parent in node._prev]


# phase 09: text_tree
def text_tree(root):
    """The graph as an indented text, `root` first, each input two spaces deeper.

    Below a node stand its inputs in the order of `_prev`. A line is
    `name data=… grad=…`, where name is the label, else the op, else "leaf", and
    both numbers are printed as `format(number, ".4f")`. A node that was printed
    before, a leaf too, is printed again as one line ending in " (see above)",
    without its inputs. Each call starts anew. Nodes are told apart by identity,
    not by what they print. Lines are joined by newlines, with none at the end.
    """
    lines, seen, stack = [], set(), [(root, 0)]
    while stack:
        node, depth = stack.pop()
        name = node.label or node._op or "leaf"
        line = f"{'  ' * depth}{name} data={node.data:.4f} grad={node.grad:.4f}"
        if node in seen:
            lines.append(line + " (see above)")
            continue
        seen.add(node)
        lines.append(line)
        stack.extend((parent, depth + 1) for parent in reversed(node._prev))
    return "\n".join(lines)


# phase 09: to_dot
def to_dot(root):
    """The graph in Graphviz's DOT language, a string.

    Starts with `digraph {` and ends with `}`; between them a line `n0 [label="…"];`
    per node, numbered in the order of `trace`, the label as a line of
    `text_tree` without indentation, with `\\` and `"` escaped by a backslash;
    then a line `n0 -> n2;` per edge. Each of these lines is indented by two
    spaces.
    """
    nodes, edges = trace(root)
    ids = {node: f"n{i}" for i, node in enumerate(nodes)}
    lines = ["digraph {"]
    for node, name in ids.items():
        text = f"{node.label or node._op or 'leaf'} data={node.data:.4f} grad={node.grad:.4f}"
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'  {name} [label="{escaped}"];')
    lines += [f"  {ids[parent]} -> {ids[node]};" for parent, node in edges]
    return "\n".join([*lines, "}"])
