"""An alternate: recursion over the tree, and edges collected on the way."""

from minigrad.scalar import topological_order


def trace(root):
    nodes, edges = list(topological_order(root)), []
    for node in nodes:
        for k in range(len(node._prev)):
            edges.append((node._prev[k], node))
    return nodes, edges


def _line(node):
    if node.label:
        name = node.label
    elif node._op:
        name = node._op
    else:
        name = "leaf"
    return "%s data=%.4f grad=%.4f" % (name, node.data, node.grad)


def text_tree(root):
    lines, printed = [], []

    def show(node, depth):
        line = " " * (2 * depth) + _line(node)
        if any(node is other for other in printed):
            lines.append(line + " (see above)")
            return
        printed.append(node)
        lines.append(line)
        for parent in node._prev:
            show(parent, depth + 1)

    show(root, 0)
    return "\n".join(lines)


def to_dot(root):
    nodes, edges = trace(root)
    number = {id(node): i for i, node in enumerate(nodes)}
    text = "digraph {\n"
    for i, node in enumerate(nodes):
        label = "".join("\\" + c if c in '\\"' else c for c in _line(node))
        text += '  n%d [label="%s"];\n' % (i, label)
    for parent, node in edges:
        text += "  n%d -> n%d;\n" % (number[id(parent)], number[id(node)])
    return text + "}"
