# https://docs.python.org/3/library/atexit.html

_handlers = []


def register(function, *args, **kwargs):
    _handlers.append((function, args, kwargs))
    return function


def _run_exitfuncs():
    while _handlers:
        function, args, kwargs = _handlers.pop()
        function(*args, **kwargs)
