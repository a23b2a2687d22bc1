"""The program that runs in every child.  PROTOCOL.md is the contract.

It uses builtins and what a bare interpreter (`-I -S`) holds in `sys.modules` anyway, because an
import of its own would change the import state under test.
"""

import sys

PRELOADED = list(sys.modules)
VERSION = 1
POSIX = sys.modules.get("posix") or sys.modules["nt"]
# What is called when the program has run is held on to: it may have put anything in the place of these.
write_bytes, exit_at_once, own_number = POSIX.write, POSIX._exit, POSIX.getpid
recursion_limit, limit_recursion, ROOM = sys.getrecursionlimit, sys.setrecursionlimit, 200
IMP, MARSHAL = sys.modules["_imp"], sys.modules["marshal"]
thread_ident = sys.modules["_thread"].get_ident
ANSWER = 3
PENDING = []
# The extension module, as soon as there is a request.
PROBE = None
# What calls the functions of `atexit`, in a zygote and its children.
run_exit_functions = None
# Loaders of what the zygote has imported from files.
SEARCHED = []


def frame(key, value):
    if isinstance(value, str):
        value = value.encode("utf-8", "backslashreplace")
    return b"%s %d\n%s\n" % (key.encode(), len(value), value)


def write(key, value):
    """Adds one frame to the answer. It is on its way with the next flush()."""
    PENDING.append(frame(key, value))


def lined(texts):
    """A list as one value, a line for each text; nothing of a text can be taken for another line."""
    return "".join([line(text) + "\n" for text in texts])


def line(text):
    # what is a surrogate becomes an escape in `frame`, and all backslashes are doubled before
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def canonical(name):
    """A name as a text of the harness, which has no surrogates; `tollgate-event` describes it."""
    return name.replace("\\", "\\\\").encode("utf-8", "backslashreplace")


# What every answer begins with; made once, by the zygote for all its children.
GREETING = frame("hello", "tollgate-worker %d %d.%d.%d" % ((VERSION,) + sys.version_info[:3]))
GREETING += frame("preloaded", lined(PRELOADED))


def flush():
    """Sends what was written.

    Not frame by frame, and a cell's whole answer at its end: each time the harness wakes up, and a cell
    is as short as that is long. What a child that ends before has written is no whole answer anyway.
    """
    stay()
    rest = memoryview(b"".join(PENDING))
    PENDING.clear()
    while rest:
        rest = rest[write_bytes(ANSWER, rest) :]


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
        code = MARSHAL.loads(ready[index])
        IMP._fix_co_filename(code, name)
        return code
    return compile(request[key][index], name, "exec", dont_inherit=True)


def load_probe(path):
    """Loads the extension module without `sys.path`, finders or an entry in `sys.modules`."""
    spec = SPEC("tollgate_probe", None, origin=path)
    probe = IMP.create_dynamic(spec)
    IMP.exec_dynamic(probe)
    return probe


def stay(error=None):
    """Returns in the process that was asked. A fork that the program has made ends here, as it would by itself.

    `error` is what the program raised in it. To be called wherever code that is not the worker's has run.
    """
    if PROBE.may_answer():
        return
    PENDING.clear()
    if error is None:
        raise SystemExit
    if not is_a(error, SystemExit) and "excepthook" in SYS:
        SYS["excepthook"] = without_worker(SYS["excepthook"])
    # on to the interpreter, which shows it and ends the process
    raise error


def without_worker(hook):
    """The function that shows an uncaught exception, without the frames through which it came here."""

    def excepthook(kind, error, traceback):
        SYS["excepthook"] = hook
        while traceback is not None and traceback.tb_frame.f_globals is globals():
            traceback = traceback.tb_next
        set_traceback(error, traceback)
        hook(kind, error, traceback)

    return excepthook


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
        write("claims", lined(sorted(map(exact, self.names["CLAIMS"]))))
        if reason is not None:
            write("not-applicable", reason)
        write("options", lined(self.options()))
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
            write("imported", lined(imported))
        if after != self.before:
            write("state-before", lined(self.before))
            write("state-after", lined(after))


class Phase:
    """Turns whatever is raised in a part that is not under observation into a fault with its line."""

    def __init__(self, doing, path, whose="strategy"):
        self.doing, self.path, self.whose = doing, path, whose

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        stay(error)
        if error is None or is_a(error, Fault):
            return
        line = error.lineno if kind is SyntaxError else None
        while traceback is not None:
            if exact(traceback.tb_frame.f_code.co_filename) == self.path:
                line = traceback.tb_lineno
            traceback = traceback.tb_next
        place = "" if type(line) is not int else "line %d: " % line
        message = "%s%s: %s (%s)" % (place, type_name(error), text(error), self.doing)
        raise Fault(message, self.whose) from None


def report_ending(error):
    """Says how the program ended: the exception, and the frames that its traceback shows."""
    if error is None:
        write("ended", "ok")
        return
    write("ended", "raised")
    write("exception", canonical(type_name(error)))
    write("message", text(error))
    write("notes", lined(notes_of(error)))
    write("context", lined(context_of(error)))
    write("frames", lined(frames_of(error)))


def main_module():
    """A fresh `__main__`, so that the program does not see the worker's names."""
    module = MODULE("__main__")
    module.__builtins__ = MODULES["builtins"]
    MODULES["__main__"] = module
    return vars(module)


def program(request, names):
    """What is observed: a function, and its arguments."""
    if "module" in request:
        import runpy  # as the interpreter does for `-m`, and before anything is observed

        return runpy._run_module_as_main, request["module"][0]
    with Phase("when `run` was compiled", "<run>", "scenario"):
        return exec, code_of(request, "run", "<run>"), names


def run(function, *arguments):
    """How the program ended: what it raised, or nothing."""
    try:
        try:
            function(*arguments)
        finally:
            # what comes now needs more of the stack than the program may have left
            if recursion_limit() < ROOM:
                limit_recursion(ROOM)
    except BaseException as error:
        return ended_with(error)
    return ended_with(None)


def ended_with(error):
    stay(error)
    return error


def come_to_an_end():
    """Does what an interpreter does when its program is over, and before it takes itself apart.

    It waits for threads that are no daemons, and runs the callbacks of `atexit`; what these raise is
    nobody's.  The interpreter itself finds nothing left to do, or what was added since.
    """
    ask(tell_threads)
    run_end()
    stay()


def run_end():
    ask(lambda: MODULES["threading"]._shutdown())
    ask(run_exit_functions or (lambda: MODULES["atexit"]._run_exitfuncs()))


def tell_threads():
    """Says at once which threads are waited for, because the wait may be for ever."""
    own = thread_ident()
    threads = list(vars(MODULES["threading"])["_active"].values())
    names = [it._name for it in threads if not it._daemonic and it._ident != own]
    if names:
        write("waits", lined(map(text, names)))
        flush()


def observe(request, probe):
    """Runs the program once under one strategy and reports everything that was seen of it."""
    enter_tree(request["tree"][0])
    names = main_module()
    observed = program(request, names)
    if "setup" in request or "setup-code" in request:
        with Phase("in `setup`", "<setup>", "scenario"):
            exec(code_of(request, "setup", "<setup>"), names)
    state, warnings = State(), WarningsSeen()
    executing = Executing(state, MODULES, probe)
    strategy = Strategy(request)
    executing.tell()
    if not strategy.describe() or "options" not in request and strategy.options():
        # another process is needed, or none
        return
    strategy.install(probe.emit)
    warnings.install()
    write("thread", str(probe.thread()))
    probe.drain()
    if "exits" in request:
        # the program is going to end this process: all that is known goes out at once
        write("runs", "")
        flush()
        probe.stream(ANSWER)
    error = run(*observed)
    come_to_an_end()
    if "exits" in request:
        write("ran", "")
        flush()
    told = strategy.end()
    probe.stream(None)
    events, warned = probe.drain(), list(map(repr, warnings.texts))
    loaded = list(MODULES)
    write("events", events)
    if type(told) is str:
        write("told", told)
    report_ending(error)
    write("modules", lined(map(named, loaded)))
    write("warnings", lined(warned))
    write("attributes", lined(attributes_of(MODULES, PRELOADED)))
    strategy.remove()
    write("state", lined(state.lines(probe.has_same_items)))


def read_stderr(request, probe):
    """Has a strategy read what an interpreter with options of the strategy's wrote."""
    strategy = Strategy(request)
    rest = strategy.read(request["stderr"][0], probe.emit)
    write("thread", str(probe.thread()))
    write("events", probe.drain())
    write("stderr", rest)


def byte_code(source):
    """The byte code of one module; none if a program should compile it to see what is said of it."""
    try:
        # bytes, as a loader has them: the source may declare another encoding
        code = compile(source.encode(), "<compiled>", "exec", dont_inherit=True)
        return MARSHAL.dumps(code)
    except Exception:
        return b""


def compile_sources(request, probe):
    """Compiles sources, as many as there is room for in the answer, at least one."""
    # a program whose module is compiled for it would not show the compiler's warnings
    WARNINGS["filters"].insert(0, ("error", None, Warning, None, 0))
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
    global PROBE
    PROBE = probe or load_probe(request["probe"][0])
    PROBE.alone((ANSWER,))
    PENDING.append(GREETING)
    set_environment(request)
    try:
        MODES[request["mode"][0]](request, PROBE)
    except Fault as fault:
        write("fault", "%s\n%s" % (fault.whose, fault))
    write("end", "")
    flush()


def leave():
    """Ends a forked child as an interpreter ends, short of taking itself apart.

    Finalisation would take longer than most cells, and touch all that the zygote shares.
    """
    run_end()
    for stream in ("stdout", "stderr"):
        # closed, replaced or gone: the program's own doing
        ask(lambda: SYS[stream].flush())
    exit_at_once(0)


def exit_functions():
    """What calls the functions that a program gives to `atexit`, wherever it has put that module since.

    Until 3.9 they belong to the module, and not to the interpreter: then there is nothing to be had.
    """
    if sys.version_info < (3, 10):
        return None
    module = IMP.create_builtin(SPEC("atexit", None))
    IMP.exec_builtin(module)
    return module._run_exitfuncs


def import_ahead(statements):
    """Executes imports that the children's programs would execute first of all.

    If a module warns or cannot be imported this process ends: the program itself is to see that.
    """
    filters, before = WARNINGS["filters"], set(sys.modules)
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
    global run_exit_functions
    if hasattr(POSIX, "getsid") and POSIX.getsid(0) != own_number():
        # forked by what the interpreter runs at its start; the harness has made a session for who was asked
        return
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
    probe, run_exit_functions = load_probe(request["probe"][0]), exit_functions()
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
