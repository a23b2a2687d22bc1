"""The `import` audit event, heard by a native hook (`PySys_AddAuditHook`).

Security monitors that embed CPython hook so (PEP 578 was made for them), and any extension module may.
It hears what the Python form hears and shows what of its cost is due to Python; it hears the
sub-interpreters of its process as well.
"""

CLAIMS = {"import.start"}


def install(emit):
    probe = emit.__self__
    probe.listen(True)

    def uninstall():
        # no more than the Python form can it be removed
        probe.listen(False)

    return uninstall
