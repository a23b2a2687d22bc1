"""The one guarded way to ask what the program has left behind.

Compiled together with `worker.py`, before everything else.  Any object of the program's may raise when it is asked, lie,
or be of another type than one expects; so may `sys` itself, and what `builtins` holds.  What stands here asks CPython's own
slots, which run no code of the program's, and survives where such code has to run.  Types are compared with `is`, because
a metaclass may have an `==`, and by `issubclass(type(value), …)`, because a class may say that it is another one.
"""

import sys

# A program may bind other functions to these names; the worker has its own.
globals().update(
    [(name, value) for name, value in vars(sys.modules["builtins"]).items() if name[:2] != "__"]
)

MODULE = type(sys)
FUNCTION, BUILTIN = type(lambda: None), type(len)
ABSENT = object()
# `sys` may become a module of another class, and its names may stand for anything: they are looked up here.
SYS = vars(sys)
# What the interpreter itself takes for `sys.modules`, whatever stands there.
MODULES = sys.modules

exact = str.__str__
name_of_type = type.__dict__["__name__"].__get__
qualname_of_type = type.__dict__["__qualname__"].__get__
qualname_of_function = FUNCTION.__dict__["__qualname__"].__get__
qualname_of_builtin = BUILTIN.__dict__["__qualname__"].__get__
bases_of = type.__dict__["__mro__"].__get__
names_of_type = type.__dict__["__dict__"].__get__
names_of_module = MODULE.__dict__["__dict__"].__get__
names_of_error = BaseException.__dict__["__dict__"].__get__
cause_of = BaseException.__dict__["__cause__"].__get__
context_behind = BaseException.__dict__["__context__"].__get__
hides_context = BaseException.__dict__["__suppress_context__"].__get__
traceback_of = BaseException.__dict__["__traceback__"].__get__
set_traceback = BaseException.__dict__["__traceback__"].__set__


def ask(question, *of, instead=None):
    """What the question says of these; something else if it raises anything."""
    try:
        return question(*of)
    except BaseException:
        return instead


def is_a(value, kind):
    """Whether a value is of a type, whatever it says that its class is."""
    return issubclass(type(value), kind)


def type_name(value):
    """The name of a value's type, which `type(value).__name__` need not be."""
    return exact(name_of_type(type(value)))


def text(value):
    """The `str()` of any object, as a text that is nothing but one."""
    try:
        return exact(str(value))
    except BaseException as error:
        return "<str() raised %s>" % type_name(error)


def named(value):
    """A key of `sys.modules` and the like: a text as it is, whatever its type would like to show."""
    return exact(value) if is_a(value, str) else "<%s>" % described(value)


def described(value):
    """What a value is, without an address: the name of a function or class, else its type's."""
    kind = type(value)
    if kind is type or issubclass(kind, type):
        return exact(qualname_of_type(value))
    if kind is FUNCTION:
        return exact(qualname_of_function(value))
    if kind is BUILTIN:
        # of a method it is made up of what its object says
        return exact(ask(qualname_of_builtin, value, instead="built-in function"))
    return exact(qualname_of_type(kind))


def items(values):
    """The items of a list or tuple, whatever its type makes of it; nothing of any other object."""
    if is_a(values, list):
        return list.__getitem__(values, slice(None))
    return tuple.__getitem__(values, slice(None)) if is_a(values, tuple) else None


def entry(mapping, key, default=ABSENT):
    """What a dict has under a text; of any other object, `default`."""
    if not is_a(mapping, dict):
        return default
    try:
        return dict.get(mapping, key, default)
    except BaseException:
        # another key has the same hash, and raises when it is compared
        own = [value for other, value in list(dict.items(mapping)) if type(other) is str and other == key]
        return own[0] if own else default


def attribute(error, key):
    """What stands under a name in an exception or its classes. What computes an attribute is not run."""
    found = entry(names_of_error(error), key)
    for base in bases_of(type(error)):
        if found is not ABSENT:
            break
        found = ask(names_of_type(base).get, key, ABSENT, instead=ABSENT) if is_a(base, type) else ABSENT
    return found
