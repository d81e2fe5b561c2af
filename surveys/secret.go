package surveys

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"strconv"
)

// Secret is the key of one installation. Whoever lacks a receipt cannot compute the id it leads to, even with the database.
type Secret []byte

// ResponseID derives the id of the response that a receipt stands for.
func (s Secret) ResponseID(receipt Receipt) ID { return s.Deriver().ResponseID(receipt) }

// CommentID derives the id of one comment of a response. It shares nothing visible with the response's own id
// or with other comments of the same respondent.
func (s Secret) CommentID(receipt Receipt, question string) ID {
	return s.Deriver().CommentID(receipt, question)
}

// ImportedID derives the id of an imported row, so that importing it again is harmless.
func (s Secret) ImportedID(parts ...string) ID {
	return s.Deriver().derive(append([]string{"import"}, parts...)...)
}

// Deriver derives ids with the key made ready once. It serves one goroutine at a time.
type Deriver struct {
	mac  hash.Hash
	text []byte
	sum  []byte
}

// Deriver makes the secret ready for deriving many ids.
func (s Secret) Deriver() *Deriver { return &Deriver{mac: hmac.New(sha256.New, s)} }

// ResponseID is Secret.ResponseID.
func (d *Deriver) ResponseID(receipt Receipt) ID { return d.derive("response", string(receipt)) }

// CommentID is Secret.CommentID.
func (d *Deriver) CommentID(receipt Receipt, question string) ID {
	return d.derive("comment", question, string(receipt))
}

func (d *Deriver) derive(parts ...string) ID {
	d.text = d.text[:0]
	for _, p := range parts {
		// The length in front keeps ("ab","c") from meeting ("a","bc").
		d.text = append(append(strconv.AppendInt(d.text, int64(len(p)), 10), ':'), p...)
	}
	d.mac.Reset()
	d.mac.Write(d.text)
	d.sum = d.mac.Sum(d.sum[:0])
	return ID(d.sum[:len(ID{})])
}
