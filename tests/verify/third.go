// Checks the ledger of a bundle that was unpacked with the note and tlog packages of golang.org/x/mod,
// which share no line with Assay: the signature, the root over all entries, that entries are in it,
// and that it begins with a checkpoint that somebody kept.
//
// usage: third FOLDER KEY [KEPT-CHECKPOINT]
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type tree struct {
	origin string
	size   int64
	root   tlog.Hash
}

func must(err error, doing string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", doing, err)
		os.Exit(1)
	}
}

func open(path string, key note.Verifier) (t tree) {
	bytes, err := os.ReadFile(path)
	must(err, path)
	signed, err := note.Open(bytes, note.VerifierList(key))
	must(err, path)
	lines := strings.Split(signed.Text, "\n")
	t.origin = lines[0]
	t.size, err = strconv.ParseInt(lines[1], 10, 64)
	must(err, path)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err, path)
	copy(t.root[:], root)
	return t
}

// tilePath is the path of a tile of C2SP tlog-tiles.
func tilePath(kind string, n int64, width int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	if width < 256 {
		path += fmt.Sprintf(".p/%d", width)
	}
	return filepath.Join("ledger/tile", kind, path)
}

func entries(folder string, size int64) (all [][]byte) {
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		bytes, err := os.ReadFile(filepath.Join(folder, tilePath("entries", n, width)))
		must(err, "entries")
		for ; len(bytes) > 0; bytes = bytes[2+binary.BigEndian.Uint16(bytes):] {
			all = append(all, bytes[2:2+binary.BigEndian.Uint16(bytes)])
		}
	}
	return all
}

func main() {
	if len(os.Args) < 3 {
		must(fmt.Errorf("FOLDER KEY [KEPT-CHECKPOINT]"), "usage")
	}
	folder := os.Args[1]
	key, err := note.NewVerifier(os.Args[2])
	must(err, "the key")
	now := open(filepath.Join(folder, "ledger/checkpoint"), key)
	fmt.Printf("%s signed %d entries\n", now.origin, now.size)

	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(at))
		for i, x := range at {
			hashes[i] = stored[x]
		}
		return hashes, nil
	})
	all := entries(folder, now.size)
	for n, entry := range all {
		more, err := tlog.StoredHashes(int64(n), entry, read)
		must(err, "hashing")
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(int64(len(all)), read)
	must(err, "the root")
	if int64(len(all)) != now.size || root != now.root {
		must(fmt.Errorf("%d entries make another root", len(all)), "the root")
	}
	fmt.Println("the entries make the root that was signed")

	step := now.size/50 + 1
	for n := int64(0); n < now.size; n += step {
		proof, err := tlog.ProveRecord(now.size, n, read)
		must(err, "inclusion")
		must(tlog.CheckRecord(proof, now.size, now.root, n, tlog.RecordHash(all[n])), "inclusion")
	}
	fmt.Println("proofs of inclusion hold")
	if len(os.Args) < 4 {
		return
	}
	kept := open(os.Args[3], key)
	proof, err := tlog.ProveTree(now.size, kept.size, read)
	must(err, "consistency")
	must(tlog.CheckTree(proof, now.size, now.root, kept.size, kept.root), "consistency")
	fmt.Printf("nothing of the first %d entries has changed\n", kept.size)
}
