"""The program that runs in every child.  PROTOCOL.md is the contract.

It uses builtins and what a bare interpreter (`-I -S`) holds in `sys.modules` anyway, because an
import of its own would change the import state under test.
"""

import sys

PRELOADED = list(sys.modules)
VERSION = 1
POSIX = sys.modules.get("posix") or sys.modules["nt"]
THREAD = sys.modules["_thread"]
ANSWER = 3
PENDING = []
# Loaders of what the zygote has imported from files.
SEARCHED = []


def frame(key, value):
    if isinstance(value, str):
        value = value.encode("utf-8", "backslashreplace")
    return b"%s %d\n%s\n" % (key.encode(), len(value), value)


def write(key, value):
    """Adds one frame to the answer. It is on its way with the next flush()."""
    PENDING.append(frame(key, value))


# What every answer begins with; made once, by the zygote for all its children.
GREETING = frame("hello", "tollgate-worker %d %d.%d.%d" % ((VERSION,) + sys.version_info[:3]))
GREETING += frame("preloaded", "\n".join(PRELOADED))


def flush():
    """Sends what was written.

    Not frame by frame, and a cell's whole answer at its end: each time the harness wakes up, and a cell
    is as short as that is long. What a child that ends before has written is no whole answer anyway.
    """
    rest = memoryview(b"".join(PENDING))
    PENDING.clear()
    while rest:
        rest = rest[POSIX.write(ANSWER, rest) :]


def request_bytes():
    parts = []
    while not parts or parts[-1]:
        parts.append(POSIX.read(0, 1 << 16))
    return b"".join(parts)


def read_request():
    """Reads all frames of standard input; a key that comes more than once keeps every value."""
    data = request_bytes()
    request, position = {}, 0
    while position < len(data):
        end = data.index(b"\n", position)
        key, length = data[position:end].decode().split(" ")
        start, position = end + 1, end + 2 + int(length)
        value = data[start : position - 1]
        # byte code is the only value that is no text
        request.setdefault(key, []).append(value if key.endswith("code") else value.decode("utf-8"))
    return request


def code_of(request, key, name, index=0):
    """The code of a source in the request, byte-compiled before if the harness has it so."""
    ready = request.get(key + "-code")
    if ready and ready[index]:
        code = sys.modules["marshal"].loads(ready[index])
        sys.modules["_imp"]._fix_co_filename(code, name)
        return code
    return compile(request[key][index], name, "exec", dont_inherit=True)


def load_probe(path):
    """Loads the extension module without `sys.path`, finders or an entry in `sys.modules`."""
    spec = sys.modules["_frozen_importlib"].ModuleSpec("tollgate_probe", None, origin=path)
    probe = sys.modules["_imp"].create_dynamic(spec)
    sys.modules["_imp"].exec_dynamic(probe)
    return probe


class Fault(Exception):
    """What is not the program's own doing: the scenario's code or the strategy's file is broken."""

    def __init__(self, message, whose="strategy"):
        super().__init__(message)
        self.whose = whose


class Strategy:
    """One strategy's file, executed."""

    def __init__(self, request, index=0):
        path = self.path = request["strategy-path"][index]
        self.names = {"__name__": "tollgate_strategy", "__file__": path, "__doc__": None}
        self.uninstall = self.finish = None
        with Phase("when its file was executed", path, "unplaced"):
            exec(code_of(request, "strategy-source", path, index), self.names)

    def describe(self):
        with Phase("when its names were read", self.path):
            for name, message in broken_promises(self.names):
                raise Fault("%s: %s" % (name, message))
            return self.tell()

    def tell(self):
        doc, reason = self.names.get("__doc__"), self.names.get("NOT_APPLICABLE")
        write("summary", (doc if isinstance(doc, str) else "").strip().split("\n")[0])
        write("claims", "\n".join(sorted(map(str.__str__, self.names["CLAIMS"]))))
        if reason is not None:
            write("not-applicable", reason)
        write("options", "\n".join(self.options()))
        return reason is None

    def options(self):
        return list(self.names.get("OPTIONS", ()))

    def install(self, emit):
        install = self.names["install"]
        with Phase("in install()", self.path, "unplaced"):
            returned = install(emit)
        pair = returned if isinstance(returned, tuple) else (returned, lambda: None)
        if len(pair) != 2 or not all(map(callable, pair)):
            expected = "a function uninstall() or two functions (uninstall, finish), not %s"
            raise Fault("install: expected it to return " + expected % article(returned))
        self.uninstall, self.finish = pair

    def end(self):
        """Has the strategy report what it knows only when the program has ended.

        A text that it returns is for the harness as it is.
        """
        with Phase("in finish()", self.path):
            return self.finish()

    def read(self, stderr, emit):
        """Has the strategy report what the interpreter wrote; returns what the program wrote."""
        with Phase("in read_stderr()", self.path):
            rest = self.names["read_stderr"](stderr, emit)
        if not isinstance(rest, str):
            expected = "expected it to return what of the text is the program's, not %s"
            raise Fault("read_stderr: " + expected % article(rest))
        return rest

    def remove(self):
        with Phase("in uninstall()", self.path):
            self.uninstall()


class Executing:
    """What executing the files of strategies does, before any hook is installed.

    What a hook imports is not what it disturbs, so the harness is told of both.
    """

    def __init__(self, state, modules, probe):
        self.state, self.modules, self.probe = state, modules, probe
        self.known, self.before = list(modules), self.lines()

    def lines(self):
        return self.state.lines(self.probe.has_same_items)

    def imported(self):
        known = {name for name in self.known if type(name) is str}
        return [name for name in list(self.modules) if type(name) is str and name not in known]

    def tell(self):
        imported, after = self.imported(), self.lines()
        if imported:
            write("imported", "\n".join(imported))
        if after != self.before:
            write("state-before", "\n".join(self.before))
            write("state-after", "\n".join(after))


class Phase:
    """Turns whatever is raised in a part that is not under observation into a fault with its line."""

    def __init__(self, doing, path, whose="strategy"):
        self.doing, self.path, self.whose = doing, path, whose

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if error is None or isinstance(error, Fault):
            return
        line = getattr(error, "lineno", None) if kind is SyntaxError else None
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename == self.path:
                line = traceback.tb_lineno
            traceback = traceback.tb_next
        place = "" if line is None else "line %d: " % line
        message = "%s%s: %s (%s)" % (place, kind.__name__, text(error), self.doing)
        raise Fault(message, self.whose) from None


def report_ending(error):
    """Says how the program ended: the exception, and the frames that its traceback shows."""
    if error is None:
        write("ended", "ok")
        return
    write("ended", "raised")
    write("exception", type(error).__name__)
    write("message", text(error))
    write("notes", "\n".join(map(text, getattr(error, "__notes__", ()))))
    write("context", "\n".join(context_of(error)))
    # the first frame is the worker's own
    traceback, frames = error.__traceback__.tb_next, []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append("%s:%d %s" % (code.co_filename, traceback.tb_lineno, code.co_name))
        traceback = traceback.tb_next
    write("frames", "\n".join(frames))


def main_module():
    """A fresh `__main__`, so that the program does not see the worker's names."""
    module = type(sys)("__main__")
    module.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = module
    return vars(module)


def program(request, names):
    """What is observed: a function, and its arguments."""
    if "module" in request:
        import runpy  # as the interpreter does for `-m`, and before anything is observed

        return runpy._run_module_as_main, request["module"][0]
    with Phase("when `run` was compiled", "<run>", "scenario"):
        return exec, code_of(request, "run", "<run>"), names


def run(function, *arguments):
    try:
        function(*arguments)
    except BaseException as error:
        return error
    return None


def observe(request, probe):
    """Runs the program once under one strategy and reports everything that was seen of it."""
    enter_tree(request["tree"][0])
    names = main_module()
    # held on to, because a program may empty `sys.modules` or rebind it
    modules = sys.modules
    observed = program(request, names)
    if "setup" in request or "setup-code" in request:
        with Phase("in `setup`", "<setup>", "scenario"):
            exec(code_of(request, "setup", "<setup>"), names)
    state, warnings = State(), WarningsSeen()
    executing = Executing(state, modules, probe)
    strategy = Strategy(request)
    executing.tell()
    if not strategy.describe() or "options" not in request and strategy.options():
        # another process is needed, or none
        return
    strategy.install(probe.emit)
    warnings.install()
    probe.drain()
    error = run(*observed)
    told = strategy.end()
    events, warned = probe.drain(), list(map(repr, warnings.texts))
    loaded = list(modules)
    write("thread", str(THREAD.get_ident()))
    write("events", events)
    if type(told) is str:
        write("told", told)
    report_ending(error)
    write("modules", "\n".join(map(text, loaded)))
    write("warnings", "\n".join(warned))
    write("attributes", "\n".join(attributes_of(modules, PRELOADED)))
    strategy.remove()
    write("state", "\n".join(state.lines(probe.has_same_items)))


def read_stderr(request, probe):
    """Has a strategy read what an interpreter with options of the strategy's wrote."""
    strategy = Strategy(request)
    rest = strategy.read(request["stderr"][0], probe.emit)
    write("thread", str(THREAD.get_ident()))
    write("events", probe.drain())
    write("stderr", rest)


def byte_code(source):
    """The byte code of one module; none if a program should compile it to see what is said of it."""
    try:
        # bytes, as a loader has them: the source may declare another encoding
        code = compile(source.encode(), "<compiled>", "exec", dont_inherit=True)
        return sys.modules["marshal"].dumps(code)
    except Exception:
        return b""


def compile_sources(request, probe):
    """Compiles sources, as many as there is room for in the answer, at least one."""
    # a program whose module is compiled for it would not show the compiler's warnings
    sys.modules["_warnings"].filters.insert(0, ("error", None, Warning, None, 0))
    most = room = int(request["room"][0])
    for source in request["source"]:
        code = byte_code(source)
        if len(code) > most:
            code = b""
        if len(code) > room:
            return
        room -= len(code)
        write("code", code)


def describe(request, probe):
    """Reports what a strategy's file says of itself; shows that the probe can be loaded."""
    strategy = Strategy(request)
    if "try" in request:
        with Phase("when its names were read", strategy.path):
            is_broken = check_promises(request["strategy-source"][0], strategy.names)
        if is_broken:
            return
    is_usable = strategy.describe() and ("options" in request or not strategy.options())
    if is_usable and "try" in request:
        strategy.install(probe.emit)
        strategy.end()
        strategy.remove()


MODES = {
    "observe": observe,
    "footprint": footprint,
    "compose": compose,
    "measure": measure,
    "describe": describe,
    "read": read_stderr,
    "compile": compile_sources,
}


def set_environment(request):
    """Changes the environment of this process, for those who ask the system and those who ask `os`."""
    for line in request.get("environment", ()):
        name, value = line.encode("utf-8", "surrogateescape").split(b"=", 1)
        POSIX.putenv(name, value)
        POSIX.environ[name] = value


def answer(request, probe):
    """Answers one request, whoever started this process."""
    PENDING.append(GREETING)
    set_environment(request)
    try:
        MODES[request["mode"][0]](request, probe or load_probe(request["probe"][0]))
    except Fault as fault:
        write("fault", "%s\n%s" % (fault.whose, fault))
    write("end", "")
    flush()


def leave():
    """Ends a forked child as an interpreter ends, short of taking itself apart.

    Finalisation would take longer than most cells, and touch all that the zygote shares.
    """
    try:
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()
        if "atexit" in sys.modules:
            sys.modules["atexit"]._run_exitfuncs()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                # closed, replaced or gone: the program's own doing
                pass
        POSIX._exit(0)


def import_ahead(statements):
    """Executes imports that the children's programs would execute first of all.

    If a module warns or cannot be imported this process ends: the program itself is to see that.
    """
    filters, before = sys.modules["_warnings"].filters, set(sys.modules)
    filters.insert(0, ("error", None, Warning, None, 0))
    exec(compile(statements, "<ahead>", "exec", dont_inherit=True), {"__name__": "__main__"})
    del filters[0]
    loaders = (sys.modules[name].__spec__.loader for name in set(sys.modules) - before)
    own = (BOOTSTRAP.BuiltinImporter, BOOTSTRAP.FrozenImporter)
    SEARCHED.extend(loader for loader in loaders if loader not in own)


def enter_tree(folder):
    """Puts the program's tree in front of everything else on `sys.path`."""
    sys.path.insert(0, folder)
    if SEARCHED:
        # each module that is imported from a file has the tree searched first
        EXTERNAL.PathFinder.find_spec("tollgate", [folder])


def main():
    if not sys.flags.isolated:
        # the folder of this file, which nobody asked for
        del sys.path[0]
    request = read_request()
    if request["mode"][0] != "zygote":
        answer(request, None)
        return
    for name in request.get("forget", ()):
        # for the start of this process only, and not for its children's programs
        POSIX.unsetenv(name)
        del POSIX.environ[name.encode()]
    probe = load_probe(request["probe"][0])
    pad = bytearray(int(request["pad"][0]))
    for statements in request.get("imports", ()):
        import_ahead(statements)
    # Forks a child for every request that comes, and returns in each; here when no more can come.
    if probe.serve(ANSWER):
        # no function between, so that a program has as many frames below it as in a fresh interpreter
        answer(read_request(), probe)
        leave()
    del pad


main()
