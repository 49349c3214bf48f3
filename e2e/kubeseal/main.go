// kubeseal-peer does with the Go module of kubeseal what kubeseal and the Sealed Secrets controller
// do, for the test KubesealTest:
//
//	kubeseal-peer new-key FOLDER
//	kubeseal-peer seal CERTIFICATE SCOPE NAMESPACE NAME <VALUE
//	kubeseal-peer open FOLDER SCOPE NAMESPACE NAME <SEALED
//
// Keys and certificates stand in FOLDER/tls.key and FOLDER/tls.crt. Answers go to standard output.
package main

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/bitnami-labs/sealed-secrets/pkg/apis/sealedsecrets/v1alpha1"
	"github.com/bitnami-labs/sealed-secrets/pkg/crypto"
	"github.com/bitnami-labs/sealed-secrets/pkg/kubeseal"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "kubeseal-peer:", err)
		os.Exit(1)
	}
}

func run(words []string) error {
	switch {
	case len(words) == 2 && words[0] == "new-key":
		return newKey(words[1])
	case len(words) == 5 && (words[0] == "seal" || words[0] == "open"):
		var scope v1alpha1.SealingScope
		if err := scope.Set(words[2]); err != nil {
			return err
		}
		input, err := io.ReadAll(os.Stdin)
		if err != nil {
			return err
		}
		if words[0] == "seal" {
			return seal(words[1], scope, words[3], words[4], input)
		}
		return open(words[1], scope, words[3], words[4], string(input))
	default:
		return errors.New("wrong words")
	}
}

// A key pair as the controller makes its own.
func newKey(folder string) error {
	key, certificate, err := crypto.GeneratePrivateKeyAndCert(4096, 10*365*24*time.Hour, "")
	if err != nil {
		return err
	}
	files := map[string]*pem.Block{
		"tls.key": {Type: keyutil.RSAPrivateKeyBlockType, Bytes: x509.MarshalPKCS1PrivateKey(key)},
		"tls.crt": {Type: cert.CertificateBlockType, Bytes: certificate.Raw},
	}
	for name, block := range files {
		if err := os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// What kubeseal --raw does, once it has its words.
func seal(certificate string, scope v1alpha1.SealingScope, namespace, name string, value []byte) error {
	file, err := os.Open(certificate)
	if err != nil {
		return err
	}
	defer file.Close()
	key, err := kubeseal.ParseKey(file)
	if err != nil {
		return err
	}
	return kubeseal.EncryptSecretItem(os.Stdout, name, namespace, value, scope, key)
}

// What the controller does with a SealedSecret of one item.
func open(folder string, scope v1alpha1.SealingScope, namespace, name, sealed string) error {
	key, err := controllerKey(folder)
	if err != nil {
		return err
	}
	fingerprint, err := crypto.PublicKeyFingerprint(&key.PublicKey)
	if err != nil {
		return err
	}
	resource := v1alpha1.SealedSecret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace:   namespace,
			Name:        name,
			Annotations: v1alpha1.UpdateScopeAnnotations(nil, scope),
		},
		Spec: v1alpha1.SealedSecretSpec{EncryptedData: v1alpha1.SealedSecretEncryptedData{"value": sealed}},
	}
	secret, err := resource.Unseal(scheme.Codecs, map[string]*rsa.PrivateKey{fingerprint: key})
	if err != nil {
		return err
	}
	_, err = io.Copy(os.Stdout, bytes.NewReader(secret.Data["value"]))
	return err
}

// The key of a TLS Secret, as the controller reads it, and beyond that a certificate that is right.
func controllerKey(folder string) (*rsa.PrivateKey, error) {
	text, err := os.ReadFile(filepath.Join(folder, "tls.key"))
	if err != nil {
		return nil, err
	}
	parsed, err := keyutil.ParsePrivateKeyPEM(text)
	if err != nil {
		return nil, err
	}
	key, isRSA := parsed.(*rsa.PrivateKey)
	if !isRSA {
		return nil, errors.New("not an RSA key")
	}
	certificates, err := cert.CertsFromFile(filepath.Join(folder, "tls.crt"))
	if err != nil {
		return nil, err
	}
	certificate := certificates[0]
	if !key.PublicKey.Equal(certificate.PublicKey) {
		return nil, errors.New("the certificate is of another key")
	}
	now := time.Now()
	if now.Before(certificate.NotBefore) || now.After(certificate.NotAfter) {
		return nil, errors.New("the certificate is not valid now")
	}
	return key, certificate.CheckSignature(certificate.SignatureAlgorithm, certificate.RawTBSCertificate, certificate.Signature)
}
