# docs/verify-by-hand.md: its very commands, on a bundle made without Assay; and the log packages of Go.
ok 'bundles are made' python3 tests/e2e/verify.py "$T"
awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' docs/verify-by-hand.md >"$T/commands"
by_hand() { # BUNDLE
    rm -rf "$T/hand"
    mkdir "$T/hand"
    cp "$T/$1.zip" "$T/hand/bundle.zip"
    cp "$T/key.txt" "$T/authority.pem" "$T/hand"
    (cd "$T/hand" && sh -eu "$T/commands" >"$T/out" 2>&1)
}
ok 'all of it holds' by_hand stamped
ok 'the signature' says "$T/out" 'Signature Verified Successfully'
ok 'the record, the file, the erasure' [ "$(grep -cE '^"(body|blob|x)":|^"name"' "$T/out")" -eq 4 ]
ok 'the stamp' says "$T/out" 'Verification: OK'
for changed in record file stamp manifest signature; do
    not_so() { ! by_hand "hand-$changed"; }
    ok "not with another $changed" not_so
done

GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$T/go CGO_ENABLED=0 go build -o "$T/third" tests/verify/third.go >"$T/out" 2>&1
ok 'the packages of Go are there' [ -x "$T/third" ]
unpacked() { # BUNDLE
    rm -rf "$T/third.d"
    unzip -q "$T/$1.zip" -d "$T/third.d"
}
unpacked good
ok 'Go takes it' "$T/third" "$T/third.d" "$(cat "$T/key.txt")" "$T/checkpoint"
unpacked bad-rewritten
ok 'not a ledger that was rewritten' not "$T/third" "$T/third.d" "$(cat "$T/key.txt")" "$T/checkpoint"
unpacked bad-stranger
ok 'not one that somebody else signed' not "$T/third" "$T/third.d" "$(cat "$T/key.txt")"
