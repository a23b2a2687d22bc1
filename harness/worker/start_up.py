"""What follows a strategy's file in a whole process that installs it at its start and then ends.

The process has nothing of the worker's: this text is compiled together with the strategy's and run by `-c`.  Its arguments
are the probe's path, and for how many nanoseconds to keep the processor busy before the end.
"""

import sys


def start_up(path, spin):
    spec = sys.modules["_frozen_importlib"].ModuleSpec("tollgate_probe", None, origin=path)
    probe = sys.modules["_imp"].create_dynamic(spec)
    sys.modules["_imp"].exec_dynamic(probe)
    install(probe.emit)
    probe.spin(int(spin))
    digest = probe.digest("\n".join(sys.modules))
    posix = sys.modules.get("posix") or sys.modules["nt"]
    posix.write(1, b"%d" % digest)


start_up(*sys.argv[1:])
