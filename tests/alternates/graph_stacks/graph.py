"""An alternate: an order of its own, depth first with two stacks, and text from iterators."""


def trace(root):
    # The last input first: another of the many orders that are right.
    nodes, seen, entered = [], set(), [(root, 0)]
    while entered:
        node, done = entered.pop()
        if done < len(node._prev):
            entered.append((node, done + 1))
            parent = node._prev[-1 - done]
            if id(parent) not in seen and parent is not root:
                seen.add(id(parent))
                entered.append((parent, 0))
        else:
            nodes.append(node)
    edges = []
    for node in nodes:
        edges += [(parent, node) for parent in node._prev]
    return nodes, edges


def describe(node):
    name = next(filter(None, (node.label, node._op, "leaf")))
    return " ".join([name, f"data={format(node.data, '.4f')}", f"grad={format(node.grad, '.4f')}"])


def text_tree(root):
    def lines():
        shown, levels = set(), [iter([root])]
        while levels:
            node = next(levels[-1], None)
            if node is None:
                levels.pop()
                continue
            indent = "  " * (len(levels) - 1)
            if id(node) in shown:
                yield indent + describe(node) + " (see above)"
            else:
                shown.add(id(node))
                yield indent + describe(node)
                levels.append(iter(node._prev))

    return "\n".join(lines())


ESCAPES = str.maketrans({"\\": r"\\", '"': r"\""})


def to_dot(root):
    nodes, edges = trace(root)
    names = {}
    for node in nodes:
        names[id(node)] = "n" + str(len(names))
    return "\n".join(
        [
            "digraph {",
            *(f'  {names[id(n)]} [label="{describe(n).translate(ESCAPES)}"];' for n in nodes),
            *(f"  {names[id(a)]} -> {names[id(b)]};" for a, b in edges),
            "}",
        ]
    )
