#!/bin/sh
# expect: the child's answer is not complete (exit code 0)
