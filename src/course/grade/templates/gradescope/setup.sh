#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image: a Python that the course runs on,
# bubblewrap, and the course's environment. Whatever fails here ends the build, in words.
set -euo pipefail
cd "${AUTOGRADER:-/autograder}/source/minigrad"
export DEBIAN_FRONTEND=noninteractive

suitable() { # whether a Python that the course runs on is on PATH, whatever `python3` is
  python3 -c 'import sys; sys.path.insert(0, "scripts"); import interpreter as i
sys.exit(not (i.is_suitable(sys.version_info) or i.find_suitable()))'
}

apt-get update -qq
apt-get install -y -qq python3 python3-venv bubblewrap
if ! suitable; then # Ubuntu 22.04 brings Python 3.10, and has 3.11 beside it
  for version in 3.13 3.12 3.11; do
    if apt-cache show "python$version-venv" >/dev/null 2>&1; then
      apt-get install -y -qq "python$version" "python$version-venv"
      break
    fi
  done
fi
if ! suitable; then
  echo "minigrad: the course needs Python 3.11 or newer. This image has $(python3 --version)," >&2
  echo "  and its packages have none that is newer. In Gradescope, choose a newer base image" >&2
  echo "  (Ubuntu 22.04 or later) in the autograder's settings, and build again." >&2
  exit 1
fi

python3 scripts/minigrad --version # sets the environment up
code=0
python3 scripts/minigrad doctor || code=$?
if [ "$code" -eq 1 ]; then
  echo "minigrad: WARNING: where this image was built, the sandbox does not hold (see above)." >&2
  echo "  If it is so where submissions run as well, none is graded, and each is told so." >&2
elif [ "$code" -ne 0 ]; then
  exit "$code"
fi
