"""What a hook takes of stack and memory, whatever the program is.

Compiled together with `worker.py`, after `state.py`.  The tree has two modules, `outer` and `inner`, of
which the second says how deep it is, and a chain of modules that is too long for any stack.
"""

import sys

WARM_UP = 100
ROUNDS = 1000


def stack_depth():
    """Frames below the body of a module that another one imports."""
    exec("import outer", {"__name__": "__main__"})
    stay()
    return sys.modules["inner"].depth


def headroom(tree):
    """How many modules of the chain were being imported when the stack was full."""
    try:
        exec("import gen.m0", {"__name__": "__main__"})
    except RecursionError as error:
        traceback, bodies = error.__traceback__, 0
        while traceback is not None:
            code = traceback.tb_frame.f_code
            bodies += code.co_name == "<module>" and code.co_filename.startswith(tree)
            traceback = traceback.tb_next
        return bodies
    raise Fault("the chain of modules has fewer than the stack has room for", "scenario")


def references(emit):
    """References to what hooks hold on to."""
    held = [emit, sys.modules, sys.meta_path, sys.path_hooks, sys.modules["builtins"].__import__]
    held.extend(sys.meta_path)
    held.extend(getattr(BOOTSTRAP, name) for name in ("_find_and_load", "_load_unlocked"))
    return sum(map(sys.getrefcount, held))


def left_in_memory(strategy, probe):
    """Blocks and references that are there after many rounds and were not there before."""
    import gc

    def rounds(count):
        for _ in range(count):
            strategy.install(probe.emit)
            strategy.remove()
        probe.drain()
        gc.collect()

    rounds(WARM_UP)
    before = sys.getallocatedblocks(), references(probe.emit)
    rounds(ROUNDS)
    return sys.getallocatedblocks() - before[0], references(probe.emit) - before[1]


def told_of_imports(names):
    """What the strategy's file imports is told here, once, and not of each scenario."""
    return ["sys.modules has %s" % ", ".join(names)] if names else []


def footprint(request, probe):
    """Installs one strategy and tells what shows of it, what room it leaves, and what stays."""
    tree = request["tree"][0]
    sys.path.insert(0, tree)
    state = State()
    executing = Executing(state, MODULES, probe)
    strategy = Strategy(request)
    imported = executing.imported()
    if not strategy.describe() or "options" not in request and strategy.options():
        return
    strategy.install(probe.emit)
    write("installed", lined(state.lines(probe.has_same_items) + told_of_imports(imported)))
    write("depth", str(stack_depth()))
    write("headroom", str(headroom(tree)))
    strategy.remove()
    write("state", lined(state.lines(probe.has_same_items)))
    blocks, held = left_in_memory(strategy, probe)
    write("rounds", str(ROUNDS))
    write("blocks", str(blocks))
    write("references", str(held))
