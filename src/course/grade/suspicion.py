"""Words in a submission that solving the tasks never needs, for a person to look at.

The source is searched as text, never parsed: a parser is one more thing to attack.
A word is a remark, not a verdict; points follow from the numbers alone.
"""

import re
from collections.abc import Mapping

WORDS = frozenset(
    """
    _getframe _current_frames f_back f_locals f_globals get_objects get_referrers settrace
    setprofile __subclasses__ __builtins__ builtins ctypes gc inspect linecache marshal pickle
    meta_path importlib __import__ subprocess multiprocessing threading socket _exit fork
    execv setrlimit setitimer signal course micrograd torch jax tensorflow
    """.split()  # noqa: SIM905
)
PHRASES = ("sys.modules", "os.write", "os.system", "os.kill", " exec(", " eval(", " open(")
WORD = re.compile(r"\w+")
LINE_COMMENT = re.compile(r"#[^\n]*")
MAX_NAMED = 6


def suspicious_words(files: Mapping[str, str]) -> list[str]:
    """One flag per library file that mentions such words outside line comments, naming them."""
    flags = []
    for name, text in sorted(files.items()):
        if not name.startswith("src/"):
            continue
        code = LINE_COMMENT.sub("", text).replace("def eval(", "")
        found = WORDS.intersection(WORD.findall(code))
        found |= {phrase.strip(" (") for phrase in PHRASES if phrase in code}
        if found:
            flags.append(f"{name} mentions {', '.join(sorted(found)[:MAX_NAMED])}: look at it")
    return flags
