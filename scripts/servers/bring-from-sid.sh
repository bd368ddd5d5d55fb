#!/bin/sh
# Unpacks programs of Debian's newest suite into a folder: nothing is installed, and the machine's own lists and packages stay as they are.
# Needs no root, but for two templates of Alertmanager (see below). They need only glibc >= 2.34, so that they run on Debian 12 too.
#
#   bring-from-sid.sh FOLDER PACKAGE...     FOLDER/bin then leads to the programs
set -eu
folder=$1
shift
# The mirror that this machine's apt uses.
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -E '/debian/?$' | head -n 1)
[ -n "$mirror" ] || { echo 'apt knows no Debian mirror (another distribution?)' >&2; exit 1; }

work=$folder.part
rm -rf "$work"
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/root" "$work/bin"
printf 'Types: deb\nURIs: %s\nSuites: sid\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' "$mirror" >"$work/sid.sources"
apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$work/sid.sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::Lists="$work/lists" \
    -o Dir::Cache::archives="$work/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    -o Acquire::Check-Valid-Until=false -o Acquire::Languages=none -o APT::Sandbox::User="$(id -un)" "$@"
}
apt update
(cd "$work/archives" && apt download "$@")
for package in "$work"/archives/*.deb; do dpkg -x "$package" "$work/root"; done
cp "$work"/root/usr/bin/* "$work/bin/"
# Debian's name for it; everybody else calls it by its own.
[ ! -e "$work/bin/prometheus-alertmanager" ] || mv "$work/bin/prometheus-alertmanager" "$work/bin/alertmanager"
# Debian's Alertmanager has the path of its templates built in, and does not start without them.
templates=/usr/share/prometheus/alertmanager
if [ -e "$work/root$templates" ] && [ ! -e "$templates/default.tmpl" ]; then
  { mkdir -p "$templates" && cp "$work/root$templates"/*.tmpl "$templates/"; } 2>/dev/null ||
    { echo "Alertmanager needs $templates/*.tmpl, which only root may make" >&2; exit 1; }
fi
rm -rf "$work/root" "$work/lists" "$work/archives" "$work/sid.sources" "$folder"
mv "$work" "$folder"
