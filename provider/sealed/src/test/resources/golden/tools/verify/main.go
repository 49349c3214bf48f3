// verify opens every ciphertext in golden.tsv with upstream's
// pkg/crypto.HybridDecrypt and compares the plaintext byte for byte.
// It also checks that no other key and no other label opens it.
// Argument: the folder that holds golden.tsv.
package main

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	ssv1alpha1 "github.com/bitnami-labs/sealed-secrets/pkg/apis/sealedsecrets/v1alpha1"
	"github.com/bitnami-labs/sealed-secrets/pkg/crypto"
	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

func main() {
	dir := os.Args[1]
	keys := map[string]*rsa.PrivateKey{}
	for _, n := range []string{"oldest", "middle", "newest", "small", "newest-pkcs8"} {
		pemKey := must(os.ReadFile(filepath.Join(dir, "keys", n+".key")))
		keys[n] = must(keyutil.ParsePrivateKeyPEM(pemKey)).(*rsa.PrivateKey)
		crt := must(os.ReadFile(filepath.Join(dir, "keys", strings.TrimSuffix(n, "-pkcs8")+".crt")))
		c := must(cert.ParseCertsPEM(crt))[0]
		if !keys[n].PublicKey.Equal(c.PublicKey) {
			log.Fatalf("%s: certificate does not match the key", n)
		}
		if err := c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature); err != nil {
			log.Fatalf("%s: %v", n, err)
		}
		if b := must(x509.ParseCertificate(c.Raw)); b.NotAfter.Year() != 2036 {
			log.Fatalf("%s: unexpected NotAfter %v", n, b.NotAfter)
		}
	}
	if !keys["newest"].Equal(keys["newest-pkcs8"]) {
		log.Fatal("newest-pkcs8.key is not newest.key")
	}
	delete(keys, "newest-pkcs8")

	lines := strings.Split(strings.TrimSuffix(string(must(os.ReadFile(filepath.Join(dir, "golden.tsv")))), "\n"), "\n")
	ids := map[string]bool{}
	for _, line := range lines[1:] {
		f := strings.Split(line, "\t")
		if len(f) != 7 || ids[f[0]] {
			log.Fatalf("bad line %q", line)
		}
		ids[f[0]] = true
		id, ns, name, key := f[0], f[2], f[3], f[4]
		var scope ssv1alpha1.SealingScope
		if err := scope.Set(f[1]); err != nil {
			log.Fatal(err)
		}
		want := must(os.ReadFile(filepath.Join(dir, f[5])))
		text := must(os.ReadFile(filepath.Join(dir, f[6])))
		ct := must(base64.StdEncoding.DecodeString(string(text)))
		open := func(k, ns, name string) ([]byte, error) {
			label := ssv1alpha1.EncryptionLabel(ns, name, scope)
			return crypto.HybridDecrypt(rand.Reader, map[string]*rsa.PrivateKey{k: keys[k]}, ct, label)
		}
		got := must(open(key, ns, name))
		if !bytes.Equal(got, want) {
			log.Fatalf("%s: plaintext differs", id)
		}
		for k := range keys {
			if _, err := open(k, ns, name); k != key && err == nil {
				log.Fatalf("%s: also opens with %s", id, k)
			}
		}
		// The label binds what the scope says, and nothing more.
		_, errNs := open(key, ns+"x", name)
		_, errName := open(key, ns, name+"x")
		if (errNs != nil) != (scope != ssv1alpha1.ClusterWideScope) || (errName != nil) != (scope == ssv1alpha1.StrictScope) {
			log.Fatalf("%s: label is not bound as the scope says", id)
		}
		fmt.Printf("ok %-22s %6d bytes, text %d chars\n", id, len(want), len(text))
	}
}
