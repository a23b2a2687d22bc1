# expect: line 2: ModuleNotFoundError: No module named 'no_such_module' (when its file was executed)
import no_such_module
