# https://docs.python.org/3/library/functools.html


def wraps(wrapped, assigned=None, updated=None):
    def decorate(wrapper):
        wrapper.__wrapped__ = wrapped
        wrapper.__name__ = wrapped.__name__
        return wrapper

    return decorate


def update_wrapper(wrapper, wrapped):
    return wraps(wrapped)(wrapper)


class partial:
    def __init__(self, func, *args, **keywords):
        self.func, self.args, self.keywords = func, args, keywords

    def __call__(self, *args, **keywords):
        return self.func(*self.args, *args, **dict(self.keywords, **keywords))


class _Cached:
    def __init__(self, function):
        self.__wrapped__ = function
        self._made = []

    def __call__(self, *args, **keywords):
        for given, more, made in self._made:
            if given == args and more == keywords:
                return made
        made = self.__wrapped__(*args, **keywords)
        self._made.append((args, keywords, made))
        return made

    def cache_clear(self):
        self._made = []


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _Cached(maxsize)
    if maxsize is not None and maxsize < 100 or typed:
        _abstain("an `lru_cache` that keeps few results, or tells types apart")
    return _Cached


cache = _Cached


def reduce(function, items, *initial):
    items = iter(items)
    made = initial[0] if initial else next(items)
    for item in items:
        made = function(made, item)
    return made
