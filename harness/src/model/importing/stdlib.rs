//! Names of the standard library's modules, from `sys.stdlib_module_names`,
//! `sys.builtin_module_names` and the frozen modules of CPython 3.9 to 3.15.

/// Built in, frozen, or loaded by one of the modules that programs need for importing (`importlib`,
/// `importlib.util`, `types`, `threading`) on some version: a file of this name in the tree would
/// not be found, or would break them.
#[rustfmt::skip]
pub(crate) const BUSY: &[&str] = &[
    "__hello__", "__hello_alias__", "__hello_only__", "__phello__", "__phello_alias__", "_abc",
    "_ast", "_asyncio", "_bisect", "_blake2", "_bootlocale", "_bz2", "_codecs", "_collections",
    "_collections_abc", "_compression", "_contextvars", "_csv", "_datetime", "_elementtree",
    "_frozen_importlib", "_frozen_importlib_external", "_functools", "_heapq", "_imp", "_io",
    "_json", "_locale", "_lzma", "_math_integer", "_md5", "_missing_stdlib_info", "_opcode", "_opcode_metadata",
    "_operator", "_peg_parser", "_pickle", "_posixsubprocess", "_py_warnings", "_random", "_sha1",
    "_sha2", "_sha3", "_sha512", "_signal", "_sitebuiltins", "_socket", "_sre", "_stat",
    "_statistics", "_string", "_struct", "_suggestions", "_symtable", "_sysconfig", "_thread",
    "_tokenize", "_tracemalloc", "_types", "_typing", "_warnings", "_weakref", "_weakrefset",
    "_zstd", "abc", "array", "ast", "atexit", "binascii", "bisect", "builtins", "bz2", "cmath",
    "codecs", "collections", "contextlib", "copyreg", "dis", "encodings", "enum", "errno",
    "faulthandler", "fcntl", "fnmatch", "functools", "gc", "genericpath", "glob", "grp", "heapq",
    "importlib", "inspect", "io", "ipaddress", "itertools", "keyword", "linecache", "lzma",
    "marshal", "math", "ntpath", "opcode", "operator", "os", "pathlib", "posix", "posixpath",
    "pwd", "pyexpat", "random", "re", "reprlib", "runpy", "select", "shutil", "site",
    "sre_compile", "sre_constants", "sre_parse", "stat", "sys", "syslog", "tempfile", "threading",
    "time", "token", "tokenize", "types", "typing", "unicodedata", "urllib", "warnings", "weakref",
    "xxsubtype", "zipimport", "zlib",
];

/// All others: a file of this name in the tree takes the place of the library's.
#[rustfmt::skip]
pub(crate) const QUIET: &[&str] = &[
    "__future__", "_aix_support", "_android_support", "_apple_support", "_ast_unparse",
    "_bootsubprocess", "_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr",
    "_codecs_tw", "_colorize", "_compat_pickle", "_crypt", "_ctypes", "_curses", "_curses_panel",
    "_dbm", "_decimal", "_gdbm", "_hashlib", "_hmac", "_interpchannels", "_interpqueues",
    "_interpreters", "_ios_support", "_lsprof", "_markupbase", "_msi", "_multibytecodec",
    "_multiprocessing", "_osx_support", "_overlapped", "_posixshmem", "_py_abc", "_pydatetime",
    "_pydecimal", "_pyio", "_pylong", "_pyrepl", "_queue", "_remote_debugging", "_scproxy",
    "_sha256", "_sqlite3", "_ssl", "_strptime", "_threading_local", "_tkinter", "_uuid", "_winapi",
    "_wmi", "_zoneinfo", "aifc", "annotationlib", "antigravity", "argparse", "asynchat", "asyncio",
    "asyncore", "audioop", "base64", "bdb", "binhex", "cProfile", "calendar", "cgi", "cgitb",
    "chunk", "cmd", "code", "codeop", "colorsys", "compileall", "compression", "concurrent",
    "configparser", "contextvars", "copy", "crypt", "csv", "ctypes", "curses", "dataclasses",
    "datetime", "dbm", "decimal", "difflib", "distutils", "doctest", "email", "ensurepip",
    "filecmp", "fileinput", "formatter", "fractions", "ftplib", "getopt", "getpass", "gettext",
    "graphlib", "gzip", "hashlib", "hmac", "html", "http", "idlelib", "imaplib", "imghdr", "imp",
    "json", "lib2to3", "locale", "logging", "macpath", "mailbox", "mailcap", "mimetypes", "mmap",
    "modulefinder", "msilib", "msvcrt", "multiprocessing", "netrc", "nis", "nntplib", "nt",
    "nturl2path", "numbers", "optparse", "ossaudiodev", "parser", "pdb", "pickle", "pickletools",
    "pipes", "pkgutil", "platform", "plistlib", "poplib", "pprint", "profile", "profiling",
    "pstats", "pty", "py_compile", "pyclbr", "pydoc", "pydoc_data", "queue", "quopri", "readline",
    "resource", "rlcompleter", "sched", "secrets", "selectors", "shelve", "shlex", "signal",
    "smtpd", "smtplib", "sndhdr", "socket", "socketserver", "spwd", "sqlite3", "ssl", "statistics",
    "string", "stringprep", "struct", "subprocess", "sunau", "symbol", "symtable", "sysconfig",
    "tabnanny", "tarfile", "telnetlib", "termios", "textwrap", "this", "timeit", "tkinter",
    "tomllib", "trace", "traceback", "tracemalloc", "tty", "turtle", "turtledemo", "unittest",
    "uu", "uuid", "venv", "wave", "webbrowser", "winreg", "winsound", "wsgiref", "xdrlib", "xml",
    "xmlrpc", "zipapp", "zipfile", "zoneinfo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_for_binary_search() {
        assert!(BUSY.is_sorted() && QUIET.is_sorted());
    }
}
