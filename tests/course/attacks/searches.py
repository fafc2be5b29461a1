"""Programs that search all they can reach for the very numbers that the judge expects."""

from collections.abc import Iterable

SEARCH = """
import gc, re, sys, types
doubled = set(DOUBLED)  # so that the numbers themselves are nowhere in this file
texts = {repr(number / 2) for number in doubled}

def search(*starts):
    '''What of the numbers, or of what compares them, can be reached from some objects.'''
    gc.collect()  # graphs of earlier cells, whose numbers are the searcher's own
    seen, stack, found = {}, [gc.get_objects(), sys.modules, *starts], []
    frame = sys._getframe(1)
    while frame:
        stack += [dict(frame.f_locals), frame.f_globals, frame.f_builtins, frame.f_code]
        frame = frame.f_back
    while stack:
        thing = stack.pop()
        if id(thing) in seen or thing is doubled or thing is texts: continue
        seen[id(thing)] = thing
        if type(thing) is float and thing * 2 in doubled: found.append(thing)
        if type(thing) in (str, bytes):
            text = thing.decode("latin-1") if type(thing) is bytes else thing
            found += texts.intersection(re.findall(r"[-\\d.e]+", text))
        if isinstance(thing, types.CodeType): stack += thing.co_consts
        if type(thing).__name__ in ("Suite", "Verdict", "Mutant"): found.append(thing)
        stack += gc.get_referents(thing)
    if len(seen) < 10_000: raise ValueError("searched too little: " + str(len(seen)))
    if found: raise ValueError("REACHED " + repr(found))
    return len(seen)
"""
AT_IMPORT = SEARCH + "print(search())\n"
IN_A_PROBE = (
    SEARCH
    + """
class Value:
    def __init__(self, *a, **k):
        search(*a)
        raise ValueError("nothing was found")
"""
)
IN_A_NOTEBOOK = SEARCH + "print(search())\n"

ALL = {
    "search all memory for what is expected, at import": AT_IMPORT,
    "search all memory for what is expected, in a probe": IN_A_PROBE,
    "search all memory for what is expected, in a notebook": IN_A_NOTEBOOK,
}


def looking_for(text: str, numbers: Iterable[float]) -> str:
    """A program that looks for some numbers, which it does not hold itself."""
    return text.replace("DOUBLED", repr(sorted({2 * number for number in numbers})))
