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


def sample(request, strategy, spin, probe):
    """One run: nanoseconds, a digest of what it did, and what it met on its way."""
    names = main_module()
    populate = settle(request, names, probe)
    timed = ready(request, names, strategy, probe)
    populate()
    faults, switches, _ = probe.usage()
    start = probe.now()
    timed()
    probe.spin(spin)
    end = probe.now()
    used = probe.usage()
    digest = probe.digest("\n".join(sys.modules))
    return "%d %d %d %d %d" % (end - start, digest, spin, used[0] - faults, used[1] - switches)


def count(request, strategy, probe):
    """One run under callgrind, which counts the instructions of `timed` alone: a digest."""
    names = main_module()
    settle(request, names, probe)
    timed, counting = ready(request, names, strategy, probe), probe.counting
    counting(True)
    timed()
    counting(False)
    return "%d" % probe.digest("\n".join(sys.modules))


def keep(request, strategy, probe):
    """One run of which the memory is measured that it leaves in use: bytes and modules."""
    names = main_module()
    timed, modules = ready(request, names, strategy, probe), len(sys.modules)
    before = private_bytes()
    timed()
    return "%d %d" % (private_bytes() - before, len(sys.modules) - modules)


def private_bytes():
    """Memory that this process has written to and that no other has, in bytes."""
    file = POSIX.open("/proc/self/smaps_rollup", POSIX.O_RDONLY)
    text = POSIX.read(file, 1 << 16)
    POSIX.close(file)
    lines = [line.split() for line in text.splitlines()]
    return sum(int(words[1]) for words in lines if words[0] == b"Private_Dirty:") * 1024


def fork_sample(take):
    """What `take` returns in a forked child, so that all arms start from the same parent's memory."""
    reading, writing = POSIX.pipe()
    child = POSIX.fork()
    if child == 0:
        status = 1
        try:
            try:
                answer = "sample " + take()
                status = 0
            except BaseException as error:
                answer = "void %s: %s" % (type(error).__name__, text(error))
            POSIX.write(writing, answer.encode("utf-8", "backslashreplace")[:4096])
        finally:
            POSIX._exit(status)
    POSIX.close(writing)
    parts = []
    while not parts or parts[-1]:
        parts.append(POSIX.read(reading, 1 << 16))
    POSIX.close(reading)
    _, status = POSIX.waitpid(child, 0)
    if status & 0x7F:
        return child, "void", "signal %d" % (status & 0x7F)
    kind, _, value = b"".join(parts).decode("utf-8", "replace").partition(" ")
    # a child that left by itself has said nothing
    return child, kind or "void", value or "it ended with status %d" % (status >> 8)


def measure(request, probe):
    """Samples the workload under several strategies, in the order asked for."""
    sys.path[:0] = request["tree"]
    sys.dont_write_bytecode = False
    strategies = [Strategy(request, arm) for arm in range(len(request["strategy-path"]))]
    planted = list(map(float, request["planted"][0].split()))
    warm_up, what = int(request["warm-up"][0]), request["measure"][0]
    pad = bytearray(int(request["pad"][0]))
    import gc  # built in, and the same for every arm

    gc.collect()
    gc.freeze()
    flush()
    # what the baseline takes in this launch, of which planted costs are a part
    usual = 0
    for place, arm in enumerate(map(int, request["order"][0].split())):
        spin = int(planted[arm] * usual)

        def take():
            if what == "counts":
                return count(request, strategies[arm], probe)
            if what == "memory":
                return keep(request, strategies[arm], probe)
            return sample(request, strategies[arm], spin, probe)

        child, kind, value = fork_sample(take)
        if place < warm_up and kind == "sample" and what == "time":
            nanos = int(value.split(" ")[0])
            usual = min(usual or nanos, nanos)
        write(kind, "%d %d %s" % (arm, child, value))
        if what == "counts":
            # each child is to find the parent's memory as the one before it did
            flush()
    # samples in time are not sent one by one: whoever receives them would wake up beside the next
    flush()
    del pad
