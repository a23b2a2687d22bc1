# https://docs.python.org/3/library/importlib.html#module-importlib.abc


class Loader:
    def create_module(self, spec):
        return None


class MetaPathFinder:
    def invalidate_caches(self):
        pass


class PathEntryFinder:
    def invalidate_caches(self):
        pass
