"""A path hook in front of the others, whose finders watch one entry of `sys.path` each.

beartype's import hook prepends one to `sys.path_hooks`; so do tools that load from archives of their
own (zipimport is such a hook, PyInstaller has another).  Finders made before are in
`sys.path_importer_cache` and would be asked in the hook's place, so the cache has to be emptied.
An entry's finder cannot know whether another one is asked next, so only what it finds is reported.
"""

import sys

CLAIMS = {"find.end"}
# held on to, because a program may bind other objects to these names
list, type = list, type


def install(emit):
    hooks, cache = sys.path_hooks, sys.path_importer_cache

    class WatchingEntryFinder:
        def __init__(self, finder):
            self._finder = finder

        def __getattr__(self, name):
            return getattr(self._finder, name)

        def find_spec(self, name, target=None):
            spec = self._finder.find_spec(name, target)
            # without a loader it is a portion of a namespace package, and the search goes on
            if spec is not None and spec.loader is not None:
                emit("find.end", name, "ok")
            return spec

    def watch(path):
        # those before it have declined, and may be watching as well
        for hook in hooks[hooks.index(watch) + 1 :]:
            try:
                finder = hook(path)
            except ImportError:
                continue
            # importlib asks a finder of old in another way, as long as it does
            has_find_spec = hasattr(finder, "find_spec")
            return WatchingEntryFinder(finder) if has_find_spec else finder
        raise ImportError("no other path hook takes " + repr(path))

    before = dict(cache)
    hooks.insert(0, watch)
    cache.clear()

    def uninstall():
        # what a program has added may raise when it is compared
        hooks[:] = [hook for hook in hooks if hook is not watch]
        for path, finder in list(cache.items()):
            if type(finder) is WatchingEntryFinder:
                cache[path] = before.get(path, finder._finder)
        for path, finder in before.items():
            cache.setdefault(path, finder)

    return uninstall
