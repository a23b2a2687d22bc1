"""What the programs in findings.md share: the four proposed events in this interpreter, files to import, hooks to hear.

The functions of `harness/candidates/proposal/bootstrap.py` are laid over importlib's own: an overlay in Python, heard by
hooks in Python. A build of CPython with the same functions in it shows the same.
"""

import importlib._bootstrap as bootstrap
import pathlib
import sys
import tempfile

EVENTS = ["import_started", "module_loading", "module_loaded", "import_ended"]

overlay = pathlib.Path(__file__).parent / "../harness/candidates/proposal/bootstrap.py"
exec(compile(overlay.read_text(), "<frozen importlib._bootstrap>", "exec"), vars(bootstrap))

folder = tempfile.TemporaryDirectory()
sys.path.insert(0, folder.name)
sys.dont_write_bytecode = True


def files(**sources):
    """Writes modules: `files(shop="", shop__cart="1 / 0")` makes a package `shop` with a module `cart`."""
    for name, source in sources.items():
        is_package = any(other.startswith(name + "__") for other in sources)
        path = pathlib.Path(folder.name, *name.split("__"))
        path = path / "__init__.py" if is_package else path.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)


def on(event, module, action):
    """Has the first such event of a module call `action`."""
    heard = []

    def hook(name, args):
        if name == "importlib." + event and args[0] == module and not heard:
            heard.append(name)
            action()

    sys.addaudithook(hook)


def hear(*modules):
    """Has each of the four events, and today's `import`, of these modules printed."""
    names = ["importlib." + event for event in EVENTS] + ["import"]

    def hook(name, args):
        if name in names and args[0] in modules:
            print(name.replace("importlib.", ""), args[0])

    sys.addaudithook(hook)


def attempt(statement):
    """Executes a statement and prints how it ended."""
    try:
        exec(statement, {})
    except BaseException as error:
        context = type(error.__context__).__name__ if error.__context__ else "nothing"
        print(f"{statement}: {type(error).__name__}: {error} (after {context})")
    else:
        print(f"{statement}: ok")
