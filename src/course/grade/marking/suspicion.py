"""Words in a submission that solving the tasks never needs, for a person to look at.

The source is searched as text, never parsed: a parser is one more thing to attack.
A word is a remark, not a verdict; points follow from the numbers alone.
"""

import re
import unicodedata
from collections.abc import Mapping

WORDS = frozenset(
    """
    _getframe _current_frames f_back f_locals f_globals get_objects get_referrers settrace
    setprofile __subclasses__ __builtins__ __import__ meta_path _exit execv setrlimit setitimer
    __code__ co_code co_consts addaudithook SystemExit posix_spawn spawnv popen memfd_create
    setsid setpgid chroot mkfifo mknod environ
    """.split()  # noqa: SIM905
)
MODULES = frozenset(
    """
    builtins ctypes gc linecache marshal pickle importlib subprocess multiprocessing
    socket signal posix asyncio urllib http selectors ssl pty site course micrograd torch jax
    tensorflow
    """.split()  # noqa: SIM905
)
PHRASES = (
    *("sys.modules", "sys.exit", "/proc"),
    *("os.write", "os.system", "os.kill", "os.fork"),
)
CALLS = frozenset({"exec(", "eval("})
CALL = re.compile(r"(?<![\w.])(?:exec|eval)(?=\()")  # of Python's own, not of a method
# Honest code imports these without need; only what is done with them is worth a look.
# A file of its own a submission may write and read; of others it has no need.
OPENED = re.compile(r"(?<![\w.])(open)\(\s*f?r?['\"](?:/|~|\.\.)")
USED = re.compile(r"(?<![\w.])(os|threading|pathlib|shutil|tempfile|glob|inspect)\.(?!path\b)\w+")
WORD = re.compile(r"\w+")
BLANK = r"[^\S\n]"  # \s would cross lines, and be searched again from each of them
IMPORT = re.compile(rf"(?:^|[;:]){BLANK}*(?:import|from){BLANK}(.+)$", re.MULTILINE)
STRING_OR_COMMENT = re.compile(r"""'{3}|"{3}|['"]|#[^\n]*""")
REST = {  # of a string, after the quotes that open it
    '"""': re.compile(r'((?:[^"\\]|\\.|"(?!""))*)(""")?', re.DOTALL),
    "'''": re.compile(r"((?:[^'\\]|\\.|'(?!''))*)(''')?", re.DOTALL),
    '"': re.compile(r'((?:[^"\\\n]|\\.)*)(")?', re.DOTALL),
    "'": re.compile(r"((?:[^'\\\n]|\\.)*)(')?", re.DOTALL),
}
MAX_NAMED = 6


def suspicious_words(files: Mapping[str, str]) -> list[str]:
    """One flag per file that mentions such words outside line comments, naming them."""
    flags = []
    for name, text in sorted(files.items()):
        lines = text.replace("\r", "\n")  # to Python, both end a line
        code = unicodedata.normalize("NFKC", _without_comments(lines))  # as Python reads names
        code = code.replace("def eval(", "")
        hits = WORDS.intersection(WORD.findall(code)) if _any_of(WORDS, code) else set()
        importing = "\n".join(line for line in code.split("\n") if "import" in line)
        if _any_of(MODULES, importing):
            imported = " ".join(IMPORT.findall(importing))
            hits |= MODULES.intersection(WORD.findall(imported))
        hits |= {phrase for phrase in PHRASES if phrase in code}
        if _any_of(CALLS, code):
            hits |= {*CALL.findall(code)}
        hits |= {*USED.findall(code), *OPENED.findall(code)}
        if hits:
            flags.append(f"{name} mentions {', '.join(sorted(hits)[:MAX_NAMED])}: look at it")
    return flags


def _without_comments(text: str) -> str:
    """A text without its line comments; what may be a string or a comment is kept.

    A formatted string may hold others, in quotes like its own, and then only a parser knows
    where it ends; from there on, and after a string that is not closed, nothing is dropped.
    """
    kept, place = [], 0
    while found := STRING_OR_COMMENT.search(text, place):
        if found[0].startswith("#"):
            kept.append(text[place : found.start()])
            place = found.end()
            continue
        rest = REST[found[0]].match(text, found.end())
        prefix = text[max(found.start() - 2, place) : found.start()]
        if rest is None or rest[2] is None or _may_nest(prefix, rest[1]):
            break
        kept.append(text[place : rest.end()])
        place = rest.end()
    return "".join(kept) + text[place:]


def _may_nest(prefix: str, inside: str) -> bool:
    """Whether a string may be a formatted one that does not end where the next quotes stand."""
    if "{" not in inside or not {"f", "t"} & set(prefix.lower()):
        return False
    return "'" in inside or '"' in inside or inside.count("{") != inside.count("}")


def _any_of(words: frozenset[str], text: str) -> bool:
    """Whether one of the words may be there: quick, and enough for nearly every file."""
    return any(word in text for word in words)
