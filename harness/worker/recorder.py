"""The truth: every span of the import system, from inside importlib._bootstrap.

Four functions there are what scenarios/FORMAT.md calls `import`, `find`, `load` and `exec`.  The function
objects themselves are given code that reports: whoever holds one calls it, by whatever name, since whenever,
and a program that puts "the original" back puts back the same object.  Each call has a frame more, so this
runs in a child of its own and is never compared as a strategy.
"""

import sys

OPERATIONS = {
    "_find_and_load": "import",
    "_find_spec": "find",
    "_load_unlocked": "load",
    "_exec": "exec",
}
CLAIMS = {operation + edge for operation in OPERATIONS.values() for edge in (".start", ".end")}

# The constant that stands for what the code needs: importlib's namespace, which programs see, has no
# name for it, and a function cannot be given code that has free variables.
NEEDED = "<what the recorder needs>"
CODE = """
def {function}({parameters}):
    emit, name_of, original, start, end, nothing = %r
    told = name_of({subject})
    emit(start, told)
    try:
        result = original({arguments})
    except BaseException as error:
        emit(end, told, error)
        raise
    emit(end, told, nothing if result is None else "ok")
    return result
""" % NEEDED


def name_of(subject):
    """The name of a module, given itself or as a spec, which a program may have made of anything."""
    if not issubclass(type(subject), str):
        try:
            subject = subject.name
        except BaseException:
            # importlib asks as well, and ends with what is raised then
            subject = None
    return subject if issubclass(type(subject), str) else "<%s>" % type(subject).__name__


def signature(code):
    """The parameters of a function as a definition has them, and as a call passes them on."""
    count, keyword_count = code.co_argcount, code.co_kwonlyargcount
    names = code.co_varnames
    positional, names = names[:count], names[count:]
    keywords, names = names[:keyword_count], names[keyword_count:]
    has_rest, has_options = code.co_flags & 0x04, code.co_flags & 0x08
    rest = ("*" + names[0],) if has_rest else ()
    options = ("**" + names[bool(has_rest)],) if has_options else ()
    bare = ("*",) if keywords and not rest else ()
    passed = tuple(map("{0}={0}".format, keywords))
    parameters = positional + rest + bare + keywords + options
    return ", ".join(parameters), ", ".join(positional + rest + passed + options)


def recording(emit, function, operation):
    """Code with the parameters of a function, that reports each call of what the function was."""
    code, names = function.__code__, {}
    parameters, arguments = signature(code)
    source = CODE.format(
        function=code.co_name,
        parameters=parameters,
        subject=code.co_varnames[0],
        arguments=arguments,
    )
    # under importlib's own name, so that tracebacks and warnings pass over it as they do over importlib
    exec(compile(source, code.co_filename, "exec", dont_inherit=True), names)
    new = names[code.co_name].__code__
    original = type(function)(code, function.__globals__, function.__name__)
    nothing = "not found" if operation == "find" else "ok"
    needed = (emit, name_of, original, operation + ".start", operation + ".end", nothing)
    consts = tuple(needed if it == NEEDED else it for it in new.co_consts)
    return new.replace(co_consts=consts, co_firstlineno=code.co_firstlineno)


def is_own(value, name, names):
    """Whether this is importlib's function of that name."""
    if type(value) is not type(is_own) or value.__globals__ is not names:
        return False
    code = value.__code__
    is_there = code.co_name == name and code.co_filename == "<frozen importlib._bootstrap>"
    return is_there and code.co_argcount > 0 and not code.co_freevars


def holders(names):
    """What refers to a namespace, with nothing imported to find it out."""
    modules, imp = sys.modules, sys.modules["_imp"]
    before = modules.get("gc", modules)
    if before is not modules:
        # until 3.10 a module that is there would be made anew
        modules["gc"] = None
    gc = imp.create_builtin(sys.modules["_frozen_importlib"].ModuleSpec("gc", None))
    imp.exec_builtin(gc)
    # until 3.10 it has been put there
    if before is modules:
        modules.pop("gc", None)
    else:
        modules["gc"] = before
    return gc.get_referrers(names)


def own_function(name):
    """importlib's function of that name, which a program may have replaced by now."""
    names = vars(sys.modules["_frozen_importlib"])
    if is_own(names.get(name), name, names):
        return names[name]
    return next((it for it in holders(names) if is_own(it, name, names)), None)


def install(emit):
    changed = []
    for name, operation in OPERATIONS.items():
        function = own_function(name)
        # nobody holds it any more, so nobody can call it
        if function is not None:
            before, code = function.__code__, recording(emit, function, operation)
            function.__code__ = code
            changed.append((function, before, code))

    def uninstall():
        for function, before, code in changed:
            # a program may have given it other code since
            if function.__code__ is code:
                function.__code__ = before

    return uninstall
