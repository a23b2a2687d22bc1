# https://docs.python.org/3/library/pkgutil.html
import importlib.util
import os
import sys
from importlib import import_module

_SUFFIXES = [".py", ".pyc", ".so"]


class ModuleInfo:
    def __init__(self, module_finder, name, ispkg):
        self.module_finder, self.name, self.ispkg = module_finder, name, ispkg

    def __iter__(self):
        return iter([self.module_finder, self.name, self.ispkg])

    def __getitem__(self, index):
        return [self.module_finder, self.name, self.ispkg][index]


def _module_name(file):
    for suffix in _SUFFIXES:
        if file.endswith(suffix):
            return file[: -len(suffix)].split(".")[0] if suffix == ".so" else file[: -len(suffix)]
    return None


def _modules_in_folder(path):
    for file in sorted(os.listdir(path)):
        name, is_package = _module_name(file), False
        below = os.path.join(path, file)
        if name == "__init__":
            continue
        if not name and os.path.isdir(below) and "." not in file:
            name = file
            is_package = "__init__" in [_module_name(one) for one in sorted(os.listdir(below))]
            if not is_package:
                continue
        if name and "." not in name:
            yield name, is_package


def _modules_in_zip(importer):
    seen = set(["__init__"])
    for file in sorted(_names_in_zip(importer)):
        parts = file.split("/")
        name = _module_name(parts[-1])
        if len(parts) == 2 and name == "__init__" and parts[0] not in seen:
            seen.add(parts[0])
            yield parts[0], True
        if len(parts) == 1 and name and name not in seen and "." not in name:
            seen.add(name)
            yield name, False


def iter_modules(path=None, prefix=""):
    if path is None:
        _abstain("`iter_modules` of all of `sys.path`")
    if isinstance(path, str):
        raise ValueError("path must be None or list of paths to look for modules in")
    seen = set()
    for importer in [get_importer(entry) for entry in path]:
        if importer is None:
            continue
        kind = type(importer).__name__
        if kind == "zipimporter":
            found = _modules_in_zip(importer)
        elif kind == "FileFinder":
            found = _modules_in_folder(importer.path)
        else:
            _abstain("`iter_modules` with a finder of the program's")
        for name, is_package in found:
            if name not in seen:
                seen.add(name)
                yield ModuleInfo(importer, prefix + name, is_package)


def walk_packages(path=None, prefix="", onerror=None):
    walked = set()
    for info in iter_modules(path, prefix):
        yield info
        if not info.ispkg:
            continue
        try:
            __import__(info.name)
        except ImportError:
            if onerror is not None:
                onerror(info.name)
            continue
        except Exception:
            if onerror is None:
                raise
            onerror(info.name)
            continue
        below = getattr(sys.modules[info.name], "__path__", None) or []
        below = [entry for entry in below if entry not in walked]
        for entry in below:
            walked.add(entry)
        yield from walk_packages(below, info.name + ".", onerror)


def get_data(package, resource):
    spec = importlib.util.find_spec(package)
    if spec is None:
        return None
    loader = spec.loader
    if loader is None or not hasattr(loader, "get_data"):
        return None
    module = sys.modules.get(package) or _load(spec)
    if module is None or not hasattr(module, "__file__"):
        return None
    path = os.path.join(os.path.dirname(module.__file__), *resource.split("/"))
    return loader.get_data(path)


def extend_path(path, name):
    if not isinstance(path, list):
        return path
    path = path[:]
    parent, _, tail = name.rpartition(".")
    for entry in sys.modules[parent].__path__ if parent else sys.path:
        finder = get_importer(entry)
        spec = None if finder is None else finder.find_spec(tail)
        if spec is None:
            continue
        for portion in spec.submodule_search_locations or []:
            if portion not in path:
                path.append(portion)
    return path


def resolve_name(name):
    if ":" in name:
        module, _, attributes = name.partition(":")
        found = import_module(module)
        parts = attributes.split(".") if attributes else []
    else:
        parts = name.split(".")
        module = parts.pop(0)
        found = import_module(module)
        while parts:
            child = module + "." + parts[0]
            try:
                found = import_module(child)
            except ImportError:
                break
            module = child
            parts.pop(0)
    for attribute in parts:
        found = getattr(found, attribute)
    return found
