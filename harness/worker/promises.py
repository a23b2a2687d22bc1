"""What WRITING.md promises of a strategy's file, checked before anything of it is used.

Compiled together with `worker.py`, before it.
"""


def article(value):
    """What a value is, in words."""
    return "None" if value is None else "a value of type %s" % type(value).__qualname__


def broken_promises(names):
    """Pairs of a name of the file and what is wrong with its value."""
    claims = names.get("CLAIMS", ABSENT)
    if not isinstance(claims, (set, frozenset)):
        found = "" if claims is ABSENT else ", not %s" % article(claims)
        yield "CLAIMS", "expected a set of kinds of events, such as {'import.start'}" + found
    else:
        for claim in claims:
            if not isinstance(claim, str):
                yield "CLAIMS", "expected texts in the set, not %s" % article(claim)
    reason = names.get("NOT_APPLICABLE")
    if reason is not None and not (isinstance(reason, str) and reason.strip()):
        found = "an empty one" if isinstance(reason, str) else article(reason)
        yield "NOT_APPLICABLE", "expected a text that says why, or None if it applies, not %s" % found
    options = names.get("OPTIONS", ())
    if not isinstance(options, (list, tuple)):
        yield "OPTIONS", "expected a list of options, such as ['-X', 'dev'], not %s" % article(options)
    else:
        for option in options:
            if not isinstance(option, str):
                yield "OPTIONS", "expected texts in the list, not %s" % article(option)
        if options and "read_stderr" not in names:
            expected = "expected a function read_stderr(text, emit) in a file with OPTIONS"
            yield "read_stderr", expected + ": the interpreter's output is all that it reports"
    functions = (
        ("install", "a function install(emit) that returns uninstall"),
        ("read_stderr", "a function read_stderr(text, emit)"),
    )
    for name, expected in functions:
        if not callable(names.get(name)) and (name in names or name == "install"):
            found = ", not %s" % article(names[name]) if name in names else ""
            yield name, "expected " + expected + found


def unfit_functions(names):
    """The same of functions that take other arguments. Imports what it takes to know."""
    import inspect

    for name, arguments in (("install", ("emit",)), ("read_stderr", ("text", "emit"))):
        function = names.get(name)
        if not callable(function):
            continue
        try:
            inspect.signature(function).bind(*arguments)
        except TypeError as error:
            called = "%s(%s)" % (name, ", ".join(arguments))
            yield name, "expected that it can be called as %s: %s" % (called, error)
        except ValueError:
            # written in C, and says nothing of its arguments
            pass


def line_of(source, name):
    """Where the file sets a name last; None if it does so in a way that is not followed."""
    import ast

    line = None
    for node in ast.walk(ast.parse(source)):
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names.append(node.name)
        if name in names:
            line = max(line or 0, node.lineno)
    return line


def check_promises(source, names):
    """Tells of everything that is wrong, each with its line; and where the rest is, for the harness.

    Returns whether something is.
    """
    broken = list(broken_promises(names)) + list(unfit_functions(names))
    for name, message in broken:
        line = line_of(source, name)
        place = "" if line is None else "line %d: " % line
        write("problem", "%s%s: %s" % (place, name, message))
    wrong = {name for name, _ in broken}
    for key, name in (("claims", "CLAIMS"), ("options", "OPTIONS")):
        line = line_of(source, name)
        if line is not None:
            write(key + "-line", str(line))
        if broken and name not in wrong:
            write(key, lined(map(str.__str__, names.get(name, ()))))
    return bool(broken)
