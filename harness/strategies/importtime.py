"""The interpreter's own `-X importtime`, read from standard error.

importtime-waterfall, tuna, importtime-output-wrapper and importtime-convert read it.  The interpreter
writes a line when an import ends, indented by how deep it is; what began when follows from that.  From
3.14 on it is `-X importtime=2`, which tells of statements that found their module cached as well: they
are no import in the sense of the other events, and are passed over.
"""

import sys

CLAIMS = {"import.start", "import.end"}
LEVEL = "importtime=2" if sys.version_info >= (3, 14) else "importtime"
OPTIONS = ["-X", LEVEL]

PREFIX = "import time:"
# the interpreter also tells of what it imports before the program and after it
BEGIN, END = "tollgate: begin\n", "tollgate: end\n"


def install(emit):
    write = (sys.modules.get("posix") or sys.modules["nt"]).write
    write(2, BEGIN.encode())

    def finish():
        # what the program still buffers was written before the end
        try:
            sys.stderr.flush()
        except BaseException:
            # closed, replaced or gone: the program's own doing
            pass
        write(2, END.encode())

    return (lambda: None), finish


def read_stderr(text, emit):
    """Reports what the lines say; returns the text without them."""
    before, _, rest = text.partition(BEGIN)
    told, _, after = rest.partition(END)
    lines = told.splitlines(True)
    report([parsed(line) for line in lines if line.startswith(PREFIX)], emit)
    return "".join(
        line
        for part in (before, told, after)
        for line in part.splitlines(True)
        if not line.startswith(PREFIX)
    )


def parsed(line):
    """Depth and name of the module in a line; nothing for a cached module or a sub-interpreter's heading."""
    spent, _, rest = line[len(PREFIX) :].partition("|")
    name = rest.partition("|")[2].rstrip("\n")[1:]
    bare = name.lstrip(" ")
    return ((len(name) - len(bare)) // 2, bare) if spent.strip().isdigit() else None


def report(lines, emit):
    """From ends alone to starts and ends: what is deeper and comes first happened within."""
    waiting = []
    for line in filter(None, lines):
        depth, name = line
        inner = []
        while waiting and waiting[-1][0] > depth:
            inner[:0] = [waiting.pop()]
        waiting.append((depth, name, inner))
    for tree in waiting:
        told(tree, emit)


def told(tree, emit):
    _, name, inner = tree
    emit("import.start", name)
    for one in inner:
        told(one, emit)
    emit("import.end", name)
