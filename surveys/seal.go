package surveys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// Seal encrypts what the program must be able to read again but a copy of the database must not give away: a password
// of the mail server, the address of a webhook. The purpose keeps a value sealed for one use from being put in another's
// place. Equal values look different each time.
func (s Secret) Seal(purpose, plain string) (string, error) {
	aead, err := s.sealer(purpose)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce)
	return base64.RawStdEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(plain), nil)), nil
}

// Unseal gives back what Seal was given. It fails for a value of another installation, of another purpose, or changed.
func (s Secret) Unseal(purpose, sealed string) (string, error) {
	aead, err := s.sealer(purpose)
	if err != nil {
		return "", err
	}
	b, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(b) < aead.NonceSize() {
		return "", errors.New("unseal: this is no sealed value")
	}
	plain, err := aead.Open(nil, b[:aead.NonceSize()], b[aead.NonceSize():], nil)
	if err != nil {
		return "", errors.New("unseal: sealed with another secret")
	}
	return string(plain), nil
}

func (s Secret) sealer(purpose string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, s, nil, "seal "+purpose, 32)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return cipher.NewGCM(block)
}
