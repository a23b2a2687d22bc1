"""A finder in front of the meta path that wraps the loader of what the others find.

So do post-import hooks: wrapt (`register_post_import_hook`) and what was modelled on it (New Relic's
agent, MLflow, W&B), ddtrace's `ModuleWatchdog`, Modal's `ImportInterceptor`.  The wrapper knows the
moment at which a module is there, and gives the loader back before the module's body runs.
"""

import sys

CLAIMS = {"load.start", "load.end"}
# held on to, because a program may bind other objects to these names
list, type = list, type


def install(emit):
    bootstrap = sys.modules["_frozen_importlib"]

    class WrappedLoader:
        def __init__(self, loader):
            self._loader = loader
            self._is_loading = False

        # `runpy`, `importlib.resources` and others ask loaders for more than loading
        def __getattr__(self, name):
            return getattr(self._loader, name)

        def create_module(self, spec):
            emit("load.start", spec.name)
            self._is_loading = True
            try:
                return self._loader and self._loader.create_module(spec)
            except BaseException as error:
                emit("load.end", spec.name, error)
                raise

        def exec_module(self, module):
            spec, loader = module.__spec__, self._loader
            spec.loader = module.__loader__ = loader
            try:
                if loader is None:
                    # a namespace package has no loader until its attributes are set
                    bootstrap._init_module_attrs(spec, module)
                else:
                    loader.exec_module(module)
            except BaseException as error:
                self._report_end(spec, error)
                raise
            self._report_end(spec, "ok")

        def _report_end(self, spec, outcome):
            # a reload executes a module that it has not created
            if self._is_loading:
                emit("load.end", spec.name, outcome)

    def can_be_wrapped(spec):
        # what importlib refuses, or loads in the way of old, must not become loadable by the wrapper
        if spec.loader is None:
            return spec.submodule_search_locations is not None
        return hasattr(spec.loader, "create_module") and hasattr(spec.loader, "exec_module")

    class WrappingFinder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            others = iter(list(sys.meta_path))
            for finder in others:
                if finder is WrappingFinder:
                    break
            for finder in others:
                find_spec = getattr(finder, "find_spec", None)
                if find_spec is None:
                    return None  # a finder of old: importlib knows how to ask it
                spec = find_spec(name, path, target)
                if spec is not None:
                    if can_be_wrapped(spec):
                        spec.loader = WrappedLoader(spec.loader)
                    return spec
            return None

    names = vars(sys)
    sys.meta_path.insert(0, WrappingFinder)

    def uninstall():
        # a program may have put another list in the place of the first one, or what is no list
        finders = names.get("meta_path")
        if type(finders) is list:
            finders[:] = [finder for finder in finders if finder is not WrappingFinder]

    return uninstall
