package keys_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"okienko/validate/signature/keys"
)

// TestEd448AgreesWithOpenSSL: OpenSSL makes keys and signatures; each holds, and with an octet of either half changed it does not.
func TestEd448AgreesWithOpenSSL(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Fatal("openssl is missing: apt install openssl")
	}
	dir := t.TempDir()
	run := func(args ...string) []byte {
		t.Helper()
		cmd := exec.Command("openssl", args...)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("openssl %q: %v", args, err)
		}
		return out
	}
	alg := keys.Algorithm{Scheme: keys.EdDSA}
	for _, message := range [][]byte{[]byte("Proszę o odpis"), bytes.Repeat([]byte("a"), 1000)} {
		if err := os.WriteFile(filepath.Join(dir, "m"), message, 0o600); err != nil {
			t.Fatal(err)
		}
		run("genpkey", "-algorithm", "ed448", "-out", "k")
		key, err := keys.ParsePublic(run("pkey", "-in", "k", "-pubout", "-outform", "DER"))
		if err != nil {
			t.Fatal(err)
		}
		sig := run("pkeyutl", "-sign", "-inkey", "k", "-rawin", "-in", "m")
		if err := key.Verify(alg, message, sig); err != nil {
			t.Errorf("%d octets: %v", len(message), err)
		}
		if key.Verify(alg, append(bytes.Clone(message), '.'), sig) == nil {
			t.Error("another message is accepted")
		}
		for _, i := range []int{0, 20, 55, 56, 57, 80, 112, 113} {
			changed := bytes.Clone(sig)
			changed[i] ^= 1
			if key.Verify(alg, message, changed) == nil {
				t.Errorf("octet %d changed: accepted", i)
			}
		}
	}
}

// TestEd448Vector is the first of RFC 8032 section 7.4.
func TestEd448Vector(t *testing.T) {
	t.Parallel()
	un := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	spki := append(un("3043300506032b6571033a00"), un("5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180")...)
	key, err := keys.ParsePublic(spki)
	if err != nil {
		t.Fatal(err)
	}
	sig := un("533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4dbb61149f05a7363268c71d95808ff2e652600")
	if err := key.Verify(keys.Algorithm{Scheme: keys.EdDSA}, nil, sig); err != nil {
		t.Error(err)
	}
}
