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
    for key in list(MODULES):
        if named(key) not in known:
            ask(MODULES.pop, key)
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
    write("modules", lined(map(named, MODULES)))
    write("warnings", lined(warned))
    write("attributes", lined(attributes_of(MODULES, PRELOADED)))
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
    for copy in probes[1:]:
        copy.alone(())
    executing = Executing(state, MODULES, probe)
    members = [Member(request, index, own) for index, own in enumerate(probes)]
    executing.tell()
    known = set(map(named, MODULES))
    warnings.install()
    write("thread", str(probe.thread()))
    for step in request["steps"][0].split("\n"):
        action, _, number = step.partition(" ")
        if action == "run":
            stage(members, (execute, code, dict(names)), known, warnings)
        else:
            attempt(step, getattr(members[int(number)], action))
    write("state", lined(state.lines(probe.has_same_items)))
