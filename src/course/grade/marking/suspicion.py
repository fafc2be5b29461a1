"""Words in a submission that solving the tasks never needs, for a person to look at.

The source is searched as text, never parsed: a parser is one more thing to attack.
A word is a remark, not a verdict; points follow from the numbers alone.
"""

import re
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
IMPORT = re.compile(rf"(?:^|;){BLANK}*(?:import|from){BLANK}(.+)$", re.MULTILINE)
LINE_COMMENT = re.compile(r"#[^\n]*")
MAX_NAMED = 6


def suspicious_words(files: Mapping[str, str]) -> list[str]:
    """One flag per file that mentions such words outside line comments, naming them."""
    flags = []
    for name, text in sorted(files.items()):
        lines = text.replace("\r", "\n")  # to Python, both end a line
        code = LINE_COMMENT.sub("", lines).replace("def eval(", "")
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


def _any_of(words: frozenset[str], text: str) -> bool:
    """Whether one of the words may be there: quick, and enough for nearly every file."""
    return any(word in text for word in words)
