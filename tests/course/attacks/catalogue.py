"""What a grader has to withstand, and which of these programs try it.

`programs` are library files (`programs/`, `engines.py`, `searches.py`), `tricks` are
notebooks (`notebooks.py`), `packages` are what is handed in (`packages.py`), `detours` lead
to another engine (`test_delegation.py`), `halves` do honest work first
(`test_neighbors.py`), `copies` tell what is published (`test_published.py`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attack:
    """A kind of attack in a few words, and the names of what tries it."""

    words: str
    programs: tuple[str, ...] = ()
    tricks: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    detours: tuple[str, ...] = ()
    halves: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()


ATTACKS = {
    1: Attack(
        "an early exit at import, with fake output",
        (
            "exit at import",
            "sys.exit at import",
            "fake output, then exit",
            "exit handlers",
            "an exit code of success from another thread",
        ),
        ("sys.exit", "os._exit", "say so in print"),
    ),
    2: Attack(
        "an early exit in a test, with fake output",
        (
            "exit in an operation",
            "sys.exit in an operation",
            "exit in a destructor",
            "fake output in an operation, then exit",
            "interruptions",
            "claims to be a stub",
            "an exception that is no Exception",
            "exceptions that lie about themselves",
        ),
        ("exit while it is graded",),
        halves=("nothing", "an end"),
    ),
    3: Attack("patching pytest or unittest", ("patch pytest and unittest",)),
    4: Attack(
        "patching builtins and the interpreter",
        (
            "patch builtins",
            "an import hook",
            "an audit hook that refuses everything",
            "a trace function that rewrites what probes hold",
        ),
        ("builtins that agree",),
    ),
    5: Attack("patching math, json, random, time", ("patch math and json", "take the clock away")),
    6: Attack(
        "patching what grades: recorder, judge, probes",
        (
            "patch the recorder",
            "patch the judge",
            "patch record to claim success",
            "a fixed answer for every exception",
            "other probes in place of the hidden ones",
            "no code in any probe",
            "probes that all look visible",
        ),
        (
            "patch the recorder",
            "patch course.notebook",
            "patch what is seen",
            "other names for what grading cells use",
            "change the grading cells",
            "leave the grading cells out",
        ),
        halves=("a recorder that knows better",),
    ),
    7: Attack(
        "files that Python or pytest would run: conftest, sitecustomize, usercustomize, .pth",
        ("import what grading is made of",),
        packages=(
            "files that Python would run, in a zip",
            "files that Python would run, in a folder",
        ),
    ),
    8: Attack(
        "reading tests or answers from disk",
        (
            "delegate to the reference on disk",
            "read tests from disk",
            "read the secret",
            "read tests through libraries",
            "read hidden tests through the loader",
        ),
        ("read files",),
    ),
    9: Attack(
        "reading tests or answers from frames",
        (
            "look for answers in frames and the collector",
            "frames through a traceback",
            "say the hidden probes in messages and values",
        ),
        (
            "read the grading cells and raise them",
            "raise the grading cells while graded",
            "an exception named after the grading cells",
            "observe the grading cells",
            "observe under names of its own",
        ),
        copies=("hidden probes told by visible ones",),
    ),
    10: Attack(
        "reading answers from memory and the garbage collector",
        (
            "look for the reference in frames and the collector",
            "read memory by address",
            "search all memory for what is expected, at import",
            "search all memory for what is expected, in a probe",
            "search all memory for what is expected, in a notebook",
        ),
    ),
    11: Attack("reading answers with inspect", ("inspect whoever calls",)),
    12: Attack("reading /proc", ("read /proc",)),
    13: Attack(
        "reading the environment and open descriptors",
        ("read the environment", "read every descriptor"),
    ),
    14: Attack(
        "reaching other submissions",
        ("read other submissions",),
        packages=(
            "zip-slip into a neighbor",
            "a link to a neighbor's submission",
            "a link to a neighbor's zip",
        ),
    ),
    15: Attack(
        "objects that equal everything",
        (
            "equal to everything",
            "text that equals every text",
            "numbers that are no numbers",
            "an int that is a bool and a str",
        ),
    ),
    16: Attack("float subclasses that lie", ("a float that converts to whatever is asked",)),
    17: Attack("NaN and infinity", ("not a number", "infinite", "NaN in some places only")),
    18: Attack(
        "huge ints and odd numbers",
        ("giant numbers", "a giant number in a float's clothes", "numbers of other kinds"),
    ),
    19: Attack("lists without an end", ("lists that never end", "a wide answer")),
    20: Attack("writing result files", ("write result files",), ("write files",)),
    21: Attack(
        "forging result lines",
        (
            "forge lines on every descriptor",
            "duplicate answers",
            "a changed writer",
            "answers for probes of other phases",
            "a result for every file",
            "observations of every odd kind",
            "too many observations",
        ),
        ("write forged messages", "write verdicts"),
        halves=("answers for all others",),
    ),
    22: Attack(
        "replying early",
        (
            "answer early with verdicts",
            "answer early inside a probe, then exit",
            "answer inside a probe, then go on",
        ),
    ),
    23: Attack("pickles", ("pickles",)),
    24: Attack(
        "background processes and threads",
        ("subprocess", "multiprocessing", "threads that spin", "other ways to start a program"),
    ),
    25: Attack(
        "double fork, setsid, daemons, zombies",
        ("double fork and setsid", "a daemon with zombies", "leave the session"),
    ),
    26: Attack("fork bombs", ("fork bomb", "other ways to fork"), ("a fork bomb",)),
    27: Attack(
        "memory bombs",
        (
            "memory bomb",
            "memory bomb of one piece",
            "a list that doubles",
            "text that doubles",
            "a giant integer",
            "mapped memory",
            "memory below Python",
            "memory bomb in an operation",
        ),
        ("a memory bomb",),
    ),
    28: Attack(
        "output floods",
        ("output flood", "flood of the reply", "more output than it may have"),
        ("a print flood",),
    ),
    29: Attack("filling the disk", ("fill the disk", "a file of no name")),
    30: Attack(
        "infinite loops",
        (
            "infinite loop",
            "infinite loop in an operation",
            "a long call into C",
            "a regular expression that explodes",
            "a little of everybody's time in every probe",
        ),
        ("an infinite loop", "an infinite loop while it is graded"),
    ),
    31: Attack(
        "a cancelled alarm",
        ("cancel the alarm", "swallow the alarm", "block every signal", "an alarm of its own"),
    ),
    32: Attack("sleeping", ("sleep", "wait for a lock that is its own", "stop itself")),
    33: Attack(
        "segmentation faults and other crashes",
        (
            "segfault",
            "segfault in an operation",
            "segfault without ctypes",
            "abort",
            "an instruction that is none",
        ),
        ("abort",),
    ),
    34: Attack(
        "deep recursion",
        (
            "deep recursion",
            "deep recursion in an operator",
            "deep recursion in C",
            "deep recursion of a destructor",
        ),
    ),
    35: Attack(
        "bombs for the compiler",
        ("compiler bomb", "a constant that takes the compiler for ever", "null bytes"),
    ),
    36: Attack("TCP", ("tcp", "a name to look up", "a library that opens sockets")),
    37: Attack("UDP", ("udp", "other sockets")),
    38: Attack("Unix sockets", ("unix socket", "socketpair", "the server's own socket")),
    39: Attack("killing the grader", ("kill the grader", "other ways to kill")),
    40: Attack("tracing the grader", ("trace the grader",)),
    41: Attack("user namespaces", ("user namespace",)),
    42: Attack(
        "getting powers back: limits, users, roots, kernel calls",
        (
            "raise the limits",
            "other users, other priorities",
            "another root",
            "mounts, keys, kernels",
            "raw system calls",
        ),
    ),
    43: Attack(
        "running programs",
        ("run a program", "shell"),
        ("magics and shells", "IPython by its own functions"),
    ),
    44: Attack(
        "poisoning the environment for the next student",
        (
            "poison the environment for the next student",
            "poison what the interpreter keeps",
            "poison files that the next student reads",
        ),
    ),
    45: Attack("zip-slip", packages=("zip-slip", "zip-slip beside the file")),
    46: Attack(
        "links and devices",
        packages=(
            "a link to the reference",
            "a linked folder",
            "a link in a zip",
            "a pipe",
            "a device in a zip",
            "a folder in itself, an endless file",
        ),
    ),
    47: Attack(
        "zip bombs",
        packages=("zip bomb", "zips in zips", "64 GiB of nothing", "a crowd of members"),
    ),
    48: Attack(
        "damaged and ambiguous submissions",
        packages=(
            "half a zip",
            "no zip",
            "no text",
            "an encoding that runs code",
            "the same file often",
        ),
    ),
    49: Attack(
        "importing another engine and delegating",
        ("import other engines",),
        detours=(
            "by name",
            "with its folder in sys.path",
            "from its file",
            "at call time",
            "through its site folder",
            "with a loader of its own",
        ),
    ),
    50: Attack(
        "hard-coded and published answers", ("hard-coded answers",), copies=("published answers",)
    ),
    51: Attack(
        "finite differences instead of gradients",
        ("finite differences", "finite differences, exact"),
    ),
    52: Attack(
        "dual numbers or a complex step",
        (
            "complex step",
            "complex step, on demand",
            "forward mode",
            "forward mode in NumPy",
            "forward mode in maps",
        ),
    ),
    53: Attack(
        "ANSI, HTML and control characters",
        (
            "control characters in messages",
            "hostile text as a value",
            "hostile text at import",
            "hostile text as label, operation and name",
            "a syntax error that shouts",
        ),
        ("hostile outputs", "hostile metadata"),
        ("names that a terminal obeys",),
    ),
    54: Attack(
        "parser bombs",
        (
            "deep JSON",
            "deep JSON that is whole",
            "giant number in JSON",
            "many keys in JSON",
            "giant exponents and no numbers in JSON",
            "keys twice in JSON",
            "no UTF-8",
            "no line at all",
            "empty lines",
            "control characters in JSON",
        ),
        ("deep metadata", "write messages that are none"),
        halves=("deep JSON",),
    ),
    55: Attack(
        "bent grading cells",
        tricks=(
            "an edited grading cell",
            "a deleted grading cell",
            "a doubled grading cell",
            "hundreds of grading cells",
            "a stolen grade id",
            "a grading cell of another kind",
            "points of its own",
            "a cell after the last one",
        ),
    ),
}
