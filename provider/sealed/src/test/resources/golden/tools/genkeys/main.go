// genkeys writes the test key pairs into the folder given as its argument.
// It uses the controller's own code to sign (pkg/crypto) and the controller's
// PEM layout: PKCS#1 key, self-signed certificate with an empty name.
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/bitnami-labs/sealed-secrets/pkg/crypto"
)

func write(dir, name, kind string, der []byte, mode os.FileMode) {
	b := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := os.WriteFile(filepath.Join(dir, name), b, mode); err != nil {
		log.Fatal(err)
	}
}

func main() {
	dir := os.Args[1]
	for _, k := range []struct {
		name      string
		bits      int
		notBefore time.Time
	}{
		{"oldest", 4096, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"middle", 4096, time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)},
		{"newest", 4096, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)},
		{"small", 2048, time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)},
	} {
		key, err := rsa.GenerateKey(rand.Reader, k.bits)
		if err != nil {
			log.Fatal(err)
		}
		// Ten years. "" is the controller's default for --my-cn.
		validFor := k.notBefore.AddDate(10, 0, 0).Sub(k.notBefore)
		cert, err := crypto.SignKeyWithNotBefore(rand.Reader, key, k.notBefore, validFor, "")
		if err != nil {
			log.Fatal(err)
		}
		write(dir, k.name+".key", "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key), 0o644)
		write(dir, k.name+".crt", "CERTIFICATE", cert.Raw, 0o644)
		if k.name == "newest" {
			der, err := x509.MarshalPKCS8PrivateKey(key)
			if err != nil {
				log.Fatal(err)
			}
			write(dir, "newest-pkcs8.key", "PRIVATE KEY", der, 0o644)
		}
	}
}
