"""Several hooks in one process: what each reports beside the others, and after its removal.

Compiled together with `worker.py`, before it.  Each hook has a probe of its own, and so a buffer: a
native hook appends to the buffer of the probe that it came from, whoever asks for the events.
"""

import sys


class Member:
    """One of the hooks."""

    def __init__(self, request, index, probe):
        self.strategy, self.probe, self.is_installed = Strategy(request, index), probe, False

    def install(self):
        self.strategy.install(self.probe.emit)
        self.is_installed = True

    def remove(self):
        # one that could not be installed has said why
        if self.is_installed:
            self.is_installed = False
            self.strategy.remove()


def attempt(step, action):
    """Does what a hook may refuse in company: that is an observation, not a fault."""
    try:
        action()
    except Fault as fault:
        write("failed", "%s\n%s" % (step, fault))


def stage(members, program, known, warnings):
    """Runs the program as if nothing but `known` had been imported, and tells what each hook heard."""
    modules = sys.modules
    for name in [name for name in modules if name not in known]:
        del modules[name]
    for member in members:
        member.probe.drain()
    del warnings.texts[:]
    error = run(*program)
    for index, member in enumerate(members):
        if member.is_installed:
            attempt("finish %d" % index, member.strategy.end)
    events, warned = [it.probe.drain() for it in members], list(map(repr, warnings.texts))
    write("stage", "")
    report_ending(error)
    write("modules", "\n".join(map(text, modules)))
    write("warnings", "\n".join(warned))
    write("attributes", "\n".join(attributes_of(modules, PRELOADED)))
    for told in events:
        write("events", told)


def compose(request, probe):
    """Installs hooks, removes them and runs the program, in the order of the request's steps."""
    enter_tree(request["tree"][0])
    names = main_module()
    execute, code, _ = program(request, names)
    if "setup" in request or "setup-code" in request:
        with Phase("in `setup`", "<setup>", "scenario"):
            exec(code_of(request, "setup", "<setup>"), names)
    state, warnings = State(), WarningsSeen()
    probes = [probe] + [load_probe(path) for path in request.get("further-probe", ())]
    executing = Executing(state, sys.modules, probe)
    members = [Member(request, index, own) for index, own in enumerate(probes)]
    executing.tell()
    known = set(sys.modules)
    warnings.install()
    write("thread", str(THREAD.get_ident()))
    for step in request["steps"][0].split("\n"):
        action, _, number = step.partition(" ")
        if action == "run":
            stage(members, (execute, code, dict(names)), known, warnings)
        else:
            attempt(step, getattr(members[int(number)], action))
    write("state", "\n".join(state.lines(probe.has_same_items)))
