"""Shows, with nothing but the standard library, what a hook on imports gets wrong in one program.

    python repro.py

runs the program three times: as it is, watched from inside importlib (recorder.py: what really
happens), and under the hook (hook.py: what it reports).  The exit code is 1 if what is expected below
was seen, 0 if none of it was.
"""

import sys

# <the case>

HERE = __file__.replace("\\", "/").rpartition("/")[0] or "."


def read(name):
    with open(HERE + "/" + name, encoding="utf-8") as file:
        return file.read()


def exists(name):
    try:
        read(name)
    except OSError:
        return False
    return True


# -- in a process of its own, which imports nothing before the program does


def said(outcome):
    if outcome is None or isinstance(outcome, str):
        return outcome
    kind = outcome if isinstance(outcome, type) else type(outcome)
    return "raised " + canonical(kind.__name__)


def canonical(name):
    """A name as Tollgate has it: a backslash is doubled, half of a surrogate pair is an escape."""
    return name.replace("\\", "\\\\").encode("utf-8", "backslashreplace").decode("utf-8")


def come_to_an_end(modules):
    """Waits for threads and runs exit callbacks, as an interpreter does when its program is over."""
    for name, function in ("threading", "_shutdown"), ("atexit", "_run_exitfuncs"):
        try:
            getattr(modules.get(name), function)()
        except BaseException:
            # what they raise is nobody's
            pass


def program(names):
    if MODULE:
        import runpy

        return runpy._run_module_as_main, (MODULE,)
    return exec, (compile(read("program.py"), "<run>", "exec", dont_inherit=True), names)


def attributes(modules):
    lines = []
    for name, module in list(modules.items()):
        spec = getattr(module, "__spec__", None)
        loader = getattr(module, "__loader__", None)
        path, file = getattr(module, "__path__", None), getattr(module, "__file__", None)
        of = (type(loader).__name__, getattr(spec, "name", None), file, path and len(path))
        lines.append("%s: %r" % (name, of))
    return lines


def state():
    builtins = sys.modules["builtins"]
    # a program may have put anything in the place of these
    finders, hooks = [it if type(it) is list else [it] for it in (sys.meta_path, sys.path_hooks)]
    lines = [type(it).__name__ + " " + getattr(it, "__name__", "") for it in finders]
    lines += [getattr(it, "__qualname__", type(it).__name__) for it in hooks]
    return lines + [builtins.__import__.__module__, repr(sys.getprofile()), repr(sys.gettrace())]


def observe(hook, tree, out):
    """Runs the program under one hook and writes what was seen as a Python literal."""
    sys.path.insert(0, tree)
    main = type(sys)("__main__")
    main.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = main
    # a program may empty or rebind it
    modules = sys.modules
    names = {"__name__": "hook", "__file__": hook}
    source = compile(read(hook), hook, "exec", dont_inherit=True) if hook else None
    function, arguments = program(vars(main))
    if exists("before.py"):
        exec(compile(read("before.py"), "<setup>", "exec", dont_inherit=True), vars(main))
    local, numbers = sys.modules["_thread"]._local(), iter(range(1, sys.maxsize))
    posix = sys.modules.get("posix") or sys.modules["nt"]
    process, own_process = posix.getpid(), posix.getpid
    file, events = posix.open(out, posix.O_WRONLY | posix.O_CREAT, 0o600), []

    def thread():
        # the system's number of a thread is given to another one when it has ended
        try:
            return local.number
        except AttributeError:
            local.number = next(numbers)
            return local.number

    def tell(value):
        # at once: the program may end this process
        line = repr(value).encode("utf-8", "backslashreplace") + b"\n"
        while line:
            line = line[posix.write(file, line) :]

    def emit(kind, name, outcome=None):
        if own_process() != process:
            # a fork that the program has made is another program
            return
        event = (kind, canonical(name), said(outcome), thread())
        if is_running:
            tell(event)
        events.append(event)

    is_running = False

    installed = lambda: None
    if source:
        exec(source, names)
        installed = names["install"](emit)
    uninstall, finish = installed if isinstance(installed, tuple) else (installed, lambda: None)
    tell(sorted(names.get("CLAIMS", ())))
    del events[:]
    error, is_running = None, True
    try:
        function(*arguments)
    except BaseException as raised:
        error = raised
    if own_process() != process:
        # a fork that the program has made: it ends by itself, and what it does is not the program's
        raise SystemExit if error is None else error
    come_to_an_end(modules)
    is_running = False
    finish()
    seen = {"events": list(events), "sys.modules": list(modules)}
    seen["attributes"] = attributes(modules)
    uninstall()
    seen["state"] = state()
    seen["end"], seen["traceback"], seen["context"] = "returned", [], []
    if error is not None:
        seen["end"] = "%s: %s" % (type(error).__name__, error)
        step = error.__traceback__.tb_next
        while step is not None:
            code = step.tb_frame.f_code
            seen["traceback"].append("%s:%d %s" % (code.co_filename, step.tb_lineno, code.co_name))
            step = step.tb_next
        while error.__cause__ or error.__context__:
            error = error.__cause__ or error.__context__
            seen["context"].append(type(error).__name__)
    tell(seen)


# -- in the process that compares


def run(hook):
    import ast
    import os
    import shutil
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        tree, out = os.path.join(place, "tree"), os.path.join(place, "seen")
        if os.path.isdir(os.path.join(HERE, "tree")):
            shutil.copytree(os.path.join(HERE, "tree"), tree)
        else:
            os.mkdir(tree)
        options = (["-I"] if ISOLATED else []) + ["-S"] + OPTIONS
        command = [sys.executable] + options + [os.path.abspath(__file__), "--observe", hook, tree, out]
        environment = dict(os.environ, **dict(map(tuple, ENVIRONMENT)))
        work = os.path.join(place, "work")
        os.mkdir(work)
        ended = subprocess.run(
            command, cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60
        )
        try:
            with open(out, encoding="utf-8") as file:
                # what is in the folder of one run is in the same place of another's
                text = file.read().replace(repr(place)[1:-1], "<place>")
        except OSError:
            text = ""
    told = [ast.literal_eval(line) for line in text.split("\n") if line]
    if not told:
        sys.exit("%s: nothing was seen: %s" % (hook or "no hook", ended.stderr.decode()))
    if isinstance(told[-1], dict):
        seen = told[-1]
    else:
        # the program has ended its process; what there is came as it happened
        seen = {"events": told[1:], "end": "exit status %d" % ended.returncode}
    seen["claims"] = told[0]
    seen["standard output"], seen["standard error"] = ended.stdout, ended.stderr
    return seen


def count(events, kind, name):
    return sum(1 for event in events if event[:2] == (kind, name))


def is_shown(sort, what, module, alone, truth, hook):
    """Whether one thing that is expected was seen; None if this script does not look at it."""
    if sort == "disturbed":
        return alone[what] != hook[what] if what in alone and what in hook else None
    happened, reported = count(truth, what, module), count(hook["events"], what, module)
    if sort == "missing":
        return reported < happened
    if sort in ("unexpected", "duplicated"):
        return reported > happened
    if sort == "wrong-field":
        outcomes = [
            sorted(str(event[2]) for event in events if event[:2] == (what, module))
            for events in (truth, hook["events"])
        ]
        return outcomes[0] != outcomes[1]
    kinds = {event[0] for event in hook["events"]}
    orders = [[event[:2] for event in it if event[0] in kinds] for it in (truth, hook["events"])]
    return orders[0] != orders[1]


def line(event):
    kind, name, outcome, _ = event
    return " ".join(filter(None, (kind, name, outcome)))


def show(truth, hook):
    """What happened and was claimed, and what was reported: a `diff`."""
    import difflib

    claims = set(hook["claims"]) | {event[0] for event in hook["events"]}
    happened = [line(event) for event in truth if event[0] in claims]
    reported = [line(event) for event in hook["events"]]
    short = [[" ".join(it.split(" ")[:2]) for it in side] for side in (happened, reported)]
    for text in difflib.unified_diff(*short, "what happened", "what the hook reported", lineterm="", n=3):
        print("  " + text)


def main():
    version = ".".join(map(str, sys.version_info[:3]))
    print("%s in %s: %s" % (HOOK, SCENARIO, SUMMARY))
    print("Python %s; Tollgate saw it with %s." % (version, INTERPRETER))
    alone, truth, hook = run(""), run("recorder.py")["events"], run("hook.py")
    show(truth, hook)
    shown = [(is_shown(*it[:3], alone, truth, hook), it[3]) for it in EXPECTED]
    for is_seen, text in shown:
        words = {True: "shown", False: "NOT shown", None: "not looked at by this script"}[is_seen]
        print("%s: %s %s" % (words, HOOK, text))
    return 1 if any(is_seen for is_seen, _ in shown) else 0


if "--observe" in sys.argv:
    observe(*sys.argv[-3:])
else:
    sys.exit(main())
