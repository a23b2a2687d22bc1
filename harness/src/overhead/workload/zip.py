import sys

archive = sys.path[0] + "/gen.zip"
try:
    sys.modules["posix"].stat(archive)
except OSError:
    # in the first child alone, whose time nobody looks at
    import zipfile

    with zipfile.PyZipFile(archive, "w") as file:
        file.writepy(sys.path[0] + "/gen")
sys.path.insert(0, archive)
