"""What a node holds, drawn: every object once, and the way that leads back to the node."""

import gc

from course.implementation import installed, reference


class Node:
    def __init__(self, *inputs):
        self.inputs = inputs


def drawn(node):
    from minigrad.objects import object_graph

    return object_graph(node, "a node").svg


def boxes(picture):
    return picture.count('fill="var(--op)"')


def test_a_leaf_and_a_node_with_two_inputs():
    assert boxes(drawn(Node())) == 1
    picture = drawn(Node(Node(), Node()))
    assert boxes(picture) == 4 and picture.count(">an input<") == 2
    assert "a node: 2 objects and its inputs" in picture
    assert 'stroke="var(--orange)"' not in picture


def test_an_input_that_is_used_twice_is_drawn_once():
    leaf = Node()
    assert drawn(Node(leaf, leaf)).count(">an input<") == 1


def test_a_rule_that_mentions_its_node_leads_back():
    node, other = Node(), Node()

    def rule():
        return node, other

    node.rule = rule
    picture = drawn(node)
    assert picture.count(">cell<") == 2 and ">function<" in picture
    assert picture.count('stroke="var(--orange)"') == 1


def test_the_engines_of_phases_03_and_11(course):
    with installed(reference(course.root)):
        from minigrad import fast, scalar

        for engine, back in ((scalar, 1), (fast, 0)):
            picture = drawn(engine.Value(2.0) * engine.Value(3.0))
            assert picture.count(">an input<") == 2
            assert picture.count('stroke="var(--orange)"') == back


def test_nodes_alive_are_counted():
    from minigrad.objects import alive

    class Counted:
        pass

    gc.collect()
    assert alive(Counted) == 0
    kept = [Counted() for _ in range(7)]
    assert alive(Counted) == len(kept) == 7
