#!/bin/sh
# expect: (exit code 3); its last words: out of cheese
echo "error: out of cheese" >&2
echo "out of cheese" >&2
exit 3
