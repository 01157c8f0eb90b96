#!/bin/sh
# Print the newest Python on PATH that can run MyoRx (3.11 or later), or say what is missing.
for python in python3.14 python3.13 python3.12 python3.11 python3 python; do
    # Run it, not only find it: a version manager may leave a name that starts nothing.
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        echo "$python"
        exit 0
    fi
done
found=$(python3 --version 2>/dev/null) || found='none'
echo "MyoRx needs Python 3.11 or later on the PATH; found $found." >&2
exit 1
