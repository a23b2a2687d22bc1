#!/bin/sh
# expect: the child's answer is broken: it holds more than one answer
printf "hello 24\ntollgate-worker 1 3.13.0\nend 0\n\nhello 24\ntollgate-worker 1 3.13.0\nend 0\n\n" >&3
