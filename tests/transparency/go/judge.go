// Judges a log with the libraries of Go's checksum database: its entries, its checkpoints, what witnesses signed.
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type inclusion struct {
	N    int64    `json:"n"`
	Note string   `json:"note"`
	Path []string `json:"path"`
}

type growth struct {
	Old  int64    `json:"old"`
	New  int64    `json:"new"`
	Path []string `json:"path"`
}

type asked struct {
	Keys       []string    `json:"keys"`
	Witnesses  []string    `json:"witnesses"`
	Entries    []string    `json:"entries"`
	Notes      []string    `json:"notes"`
	Inclusions []inclusion `json:"inclusions"`
	Growths    []growth    `json:"growths"`
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func hash(text string) (found tlog.Hash) {
	data, err := base64.StdEncoding.DecodeString(text)
	must(err)
	if copy(found[:], data) != tlog.HashSize || len(data) != tlog.HashSize {
		must(fmt.Errorf("not a digest: %s", text))
	}
	return
}

func hashes(texts []string) (found []tlog.Hash) {
	for _, text := range texts {
		found = append(found, hash(text))
	}
	return
}

// A witness signs a text made of the checkpoint and of the time: Go's library knows the keys of logs alone.
type witness struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.id }
func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	when := binary.BigEndian.Uint64(signature)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", when, text)
	return ed25519.Verify(w.key, []byte(signed), signature[8:])
}

func readWitness(text string) note.Verifier {
	parts := strings.SplitN(text, "+", 3)
	id, err := strconv.ParseUint(parts[1], 16, 32)
	must(err)
	data, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	if data[0] != 4 {
		must(fmt.Errorf("not the key of a witness: %s", text))
	}
	return witness{parts[0], uint32(id), ed25519.PublicKey(data[1:])}
}

func checkpoint(text string) (int64, tlog.Hash) {
	lines := strings.Split(text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return size, hash(lines[2])
}

func main() {
	var about asked
	must(json.NewDecoder(os.Stdin).Decode(&about))
	var verifiers []note.Verifier
	for _, key := range about.Keys {
		verifier, err := note.NewVerifier(key)
		must(err)
		verifiers = append(verifiers, verifier)
	}
	for _, key := range about.Witnesses {
		verifiers = append(verifiers, readWitness(key))
	}
	known := note.VerifierList(verifiers...)

	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	for n, entry := range about.Entries {
		added, err := tlog.StoredHashes(int64(n), []byte(entry), reader)
		must(err)
		stored = append(stored, added...)
	}

	signatures := 0
	for _, text := range about.Notes {
		opened, err := note.Open([]byte(text), known)
		must(err)
		signatures += len(opened.Sigs)
		size, root := checkpoint(opened.Text)
		found, err := tlog.TreeHash(size, reader)
		must(err)
		if found != root {
			must(fmt.Errorf("another root at %d", size))
		}
	}
	for _, one := range about.Inclusions {
		opened, err := note.Open([]byte(one.Note), known)
		must(err)
		size, root := checkpoint(opened.Text)
		must(tlog.CheckRecord(hashes(one.Path), size, root, one.N, tlog.RecordHash([]byte(about.Entries[one.N]))))
	}
	for _, one := range about.Growths {
		before, err := tlog.TreeHash(one.Old, reader)
		must(err)
		after, err := tlog.TreeHash(one.New, reader)
		must(err)
		must(tlog.CheckTree(hashes(one.Path), one.New, after, one.Old, before))
	}
	fmt.Printf("%d entries, %d signatures, %d proofs, %d growths\n",
		len(about.Entries), signatures, len(about.Inclusions), len(about.Growths))
}
