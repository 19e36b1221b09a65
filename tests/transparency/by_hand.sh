#!/bin/sh
# What anybody does with openssl and sha256sum alone: an entry, its way to the root, the signature under the root.
# by_hand.sh PROOF ENTRY VKEY
set -eu
proof=$1 entry=$2 vkey=$3
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

# A proof: its first line, « index N », the way as one digest a line, an empty line, the signed checkpoint.
n=$(sed -n 's/^index //p' "$proof")
sed '1,/^$/d' "$proof" > "$here/note"
sed -n '1,3p' "$here/note" > "$here/text"
size=$(sed -n 2p "$here/text")
sed -n '/^index /,/^$/p' "$proof" | sed '1d;$d' > "$here/way"

# The signature, by the published key: name+number+base64(01 and the 32 bytes of an Ed25519 key).
name=${vkey%%+*} packed=${vkey#*+*+}
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf '%s' "$packed" | openssl base64 -d -A | tail -c 32; } > "$here/key"
awk -v name="$name" '$1 == "—" && $2 == name { print $3; exit }' "$here/note" | openssl base64 -d -A | tail -c 64 > "$here/signature"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$here/key" -rawin -in "$here/text" -sigfile "$here/signature"

# The way to the root: each digest stands on the left or on the right, as the number of the entry tells.
{ printf '\000'; cat "$entry"; } > "$here/leaf"
sha256sum < "$here/leaf"
openssl dgst -sha256 -binary < "$here/leaf" > "$here/now"
at=$n last=$((size - 1))
while read -r digest; do
  printf '%s' "$digest" | openssl base64 -d -A > "$here/beside"
  if [ $((at % 2)) -eq 1 ] || [ "$at" -eq "$last" ]; then
    { printf '\001'; cat "$here/beside" "$here/now"; } | openssl dgst -sha256 -binary > "$here/next"
    while [ $((at % 2)) -eq 0 ] && [ "$at" -ne 0 ]; do at=$((at / 2)) last=$((last / 2)); done
  else
    { printf '\001'; cat "$here/now" "$here/beside"; } | openssl dgst -sha256 -binary > "$here/next"
  fi
  mv "$here/next" "$here/now"
  at=$((at / 2)) last=$((last / 2))
done < "$here/way"
[ "$last" -eq 0 ] || { echo "The way is not as long as it must be"; exit 1; }
[ "$(openssl base64 -A < "$here/now")" = "$(sed -n 3p "$here/text")" ] || { echo "Another root"; exit 1; }
echo "Entry $n is in the register of $name, among its first $size entries"
