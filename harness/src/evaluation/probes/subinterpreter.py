CODE = """
import sys
sys.path.insert(0, %r)
OVERLAY, EVENTS, HEAR, NAME = %r, %r, %r, %r
if OVERLAY is not None:
    exec(compile(OVERLAY, "<frozen importlib._bootstrap>", "exec"), vars(sys.modules["_frozen_importlib"]))
exec(HEAR)
sys.addaudithook(lambda event, args: hear(event, args, "shop"))
print("within:", told(attempt(NAME)))
print("heard within:", all_heard(), flush=True)
""" % (sys.path[0], OVERLAY, EVENTS, COMMON, NAME)


def hook(event, args):
    hear(event, args, "shop")


sys.addaudithook(hook)
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
run = getattr(interpreters, "exec", None) or interpreters.run_string
run(interpreters.create(), CODE)
print("heard outside:", all_heard())
