"""Timing: a parent that forks a child for every sample of every arm.

Compiled together with `worker.py`, before it.  `benches/METHODOLOGY.md` says why it is done so.
"""

import sys


def settle(request, names, probe):
    """Has what imports write to copied from the parent before the clock starts."""
    ways = request["settle"][0].split()
    if "decoy" in ways:
        exec(compile(request["decoy"][0], "<decoy>", "exec"), names)
    return probe.populate if "populate" in ways else lambda: None


def ready(request, names, strategy, probe):
    """The function that is timed, when all is done that is not."""
    if "installs" in request:
        names["install"] = lambda: strategy.install(probe.emit)
    else:
        strategy.install(probe.emit)
    exec(compile(request["workload"][0], "<workload>", "exec"), names)
    probe.drain()
    probe.warm()
    return names["timed"]


def sample(request, strategy, planted, probe, turn):
    """One run: a digest of what it did, what it met on its way, and the nanoseconds of each lap."""
    names = main_module()
    populate = settle(request, names, probe)
    timed = ready(request, names, strategy, probe)
    populate()
    faults, switches, _ = probe.usage()
    probe.begin(planted, int(request["stride"][0]), turn)
    timed()
    laps = probe.finish()
    stay()
    used = probe.usage()
    digest = probe.digest("\n".join(sys.modules))
    met = (digest, used[0] - faults, used[1] - switches)
    return " ".join(["%d %d %d" % met] + list(map(str, laps)))


def count(request, strategy, probe):
    """One run under callgrind, which counts the instructions of `timed` alone: a digest."""
    names = main_module()
    settle(request, names, probe)
    timed, counting = ready(request, names, strategy, probe), probe.counting
    counting(True)
    timed()
    counting(False)
    stay()
    return "%d" % probe.digest("\n".join(sys.modules))


def keep(request, strategy, probe):
    """One run of which the memory is measured that it leaves in use: bytes and modules."""
    names = main_module()
    timed, modules = ready(request, names, strategy, probe), len(sys.modules)
    before = private_bytes()
    timed()
    stay()
    # pages that a fork of the program's shares are no longer private: never less than nothing
    return "%d %d" % (max(private_bytes() - before, 0), max(len(sys.modules) - modules, 0))


def private_bytes():
    """Memory that this process has written to and that no other has, in bytes."""
    file = POSIX.open("/proc/self/smaps_rollup", POSIX.O_RDONLY)
    text = POSIX.read(file, 1 << 16)
    POSIX.close(file)
    lines = [line.split() for line in text.splitlines()]
    return sum(int(words[1]) for words in lines if words[0] == b"Private_Dirty:") * 1024


def fork(channels):
    """Forks; parent and child may both answer, the child over these descriptors, and no fork that a program makes."""
    PROBE.share()
    process = POSIX.fork()
    PROBE.alone((ANSWER,) if process else channels)
    return process


def end_fork(status):
    """Ends a fork of the worker's own at once. One that the program has made leaves by itself."""
    if PROBE.may_answer():
        exit_at_once(status)


class Child:
    """A fork that takes one sample, so that all arms start from the same parent's memory.

    It runs only when it is its turn: that goes from its parent to it and back over two pipes.  Nobody else holds
    their ends, so that each side sees it when the other is gone.
    """

    # not a set: one that grows and shrinks leaves each child another heap to start from, and counts differ
    OPEN = ()

    def __init__(self, take):
        go, done, answer = POSIX.pipe(), POSIX.pipe(), POSIX.pipe()
        self.process = fork((ANSWER, go[0], done[1], answer[1]))
        if self.process == 0:
            for descriptor in self.OPEN + (go[1], done[0], answer[0]):
                POSIX.close(descriptor)
            self.run(take, (done[1], go[0]), answer[1])
        for descriptor in (go[0], done[1], answer[1]):
            POSIX.close(descriptor)
        self.go, self.done, self.answer = go[1], done[0], answer[0]
        Child.OPEN += (self.go, self.done, self.answer)

    def run(self, take, turn, answer):
        """Answers with what `take` returns or raises, and ends the process."""
        status = 1
        try:
            if not POSIX.read(turn[1], 1):
                return
            try:
                said = "sample " + take(turn)
                status = 0
            except BaseException as error:
                stay(error)
                said = "void %s: %s" % (type_name(error), text(error))
            stay()
            # less than a pipe holds: nobody reads before all children have ended
            write_bytes(answer, said.encode("utf-8", "backslashreplace")[:32768])
        finally:
            end_fork(status)

    def runs_until_next_lap(self):
        """Gives it its turn; whether it wants another one."""
        try:
            POSIX.write(self.go, b".")
        except OSError:
            return False
        return bool(POSIX.read(self.done, 1))

    def told(self):
        """What it answered, when it has ended."""
        _, status = POSIX.waitpid(self.process, 0)
        # not to the end of the pipe, which a process that the child has left behind may hold open
        POSIX.set_blocking(self.answer, False)
        said = ask(POSIX.read, self.answer, 1 << 16, instead=b"")
        own = self.go, self.done, self.answer
        Child.OPEN = tuple([descriptor for descriptor in self.OPEN if descriptor not in own])
        for descriptor in own:
            POSIX.close(descriptor)
        if status & 0x7F:
            return "void", "signal %d" % (status & 0x7F)
        kind, _, value = said.decode("utf-8", "replace").partition(" ")
        # a child that left by itself has said nothing
        return kind or "void", value or "it ended with status %d" % (status >> 8)


def step(children):
    """Has every child do its next lap; those that have another one."""
    return [child for child in children if child.runs_until_next_lap()]


def lockstep(children):
    """Has every child do its first lap, then every child its second, until all have ended."""
    while children:
        children = step(children)


class Ring:
    """Parents that are in lockstep: each does its lap when the one before it hands the turn on.

    What goes around is how many of them, one after the other, had nothing left to do.
    """

    TURN, NEXT = 4, 5

    def __init__(self, size):
        self.size = size
        Child.OPEN += (self.TURN, self.NEXT)

    def receive(self):
        said = POSIX.read(self.TURN, 1)
        if not said:
            raise EOFError("the interpreter before this one in the ring has ended")
        return said[0]

    def send(self, idle):
        try:
            POSIX.write(self.NEXT, bytes([idle]))
        except BrokenPipeError:
            # it is through, or it died: then the next turn doesn't come
            pass

    def lockstep(self, children):
        """Returns when the children of all parents have ended."""
        idle, all_know = 0, 2 * self.size - 1
        while idle < self.size:
            idle = self.receive()
            children = step(children)
            idle = 0 if children else idle + 1
            self.send(idle if idle < all_know else 0)


def rounds(order, warm_up, size):
    """The arms that are sampled together: those that warm up one by one, then so many at a time."""
    for arm in order[:warm_up]:
        yield [arm]
    for start in range(warm_up, len(order), size):
        yield order[start : start + size]


def aside(work, of_what):
    """Has a fork do it, so that each sample finds this process's memory as the one before it did."""
    process = fork((ANSWER,))
    if process == 0:
        status = 1
        try:
            work(of_what)
            flush()
            status = 0
        finally:
            end_fork(status)
    _, status = POSIX.waitpid(process, 0)
    if status:
        raise ChildProcessError("a fork that takes a sample ended with wait status %d" % status)


def measure(request, probe):
    """Samples the workload under several strategies, in the order asked for."""
    sys.path[:0] = request["tree"]
    sys.dont_write_bytecode = False
    sys.modules["builtins"].tollgate_lap = probe.lap
    strategies = [Strategy(request, arm) for arm in range(len(request["strategy-path"]))]
    planted = list(map(float, request["planted"][0].split()))
    order = list(map(int, request["order"][0].split()))
    what = request["measure"][0]
    if "core" in request:
        POSIX.sched_setaffinity(0, [int(request["core"][0])])
    in_lockstep = Ring(int(request["ring"][0])).lockstep if "ring" in request else lockstep
    pad = bytearray(int(request["pad"][0]))
    import gc  # built in, and the same for every arm

    gc.collect()
    gc.freeze()
    flush()

    def take(arm, turn):
        if what == "counts":
            return count(request, strategies[arm], probe)
        if what == "memory":
            return keep(request, strategies[arm], probe)
        return sample(request, strategies[arm], planted[arm], probe, turn)

    together = len(strategies) if what == "time" else 1

    def sample_all(arms):
        children = [Child(lambda turn, arm=arm: take(arm, turn)) for arm in arms]
        in_lockstep(children)
        for arm, child in zip(arms, children):
            kind, value = child.told()
            write(kind, "%d %d %s" % (arm, child.process, value))

    for arms in rounds(order, int(request["warm-up"][0]), together):
        if what == "counts":
            aside(sample_all, arms)
        else:
            sample_all(arms)
    # samples in time are not sent one by one: whoever receives them would wake up beside the next
    flush()
    del pad
