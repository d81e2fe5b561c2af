package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// thanksFor is how long the thank-you page can show its receipt.
const thanksFor = 10 * time.Minute

// thanksCookie carries the receipt to the thank-you page on another server; no other address gets it.
const thanksCookie = "thanks"

// voucher is what the thank-you page needs to know.
type voucher struct {
	Receipt surveys.Receipt `json:"r"`
	Lang    string          `json:"l"`
	Code    string          `json:"c,omitempty"` // of the link
	Named   bool            `json:"n,omitempty"`
	Changed bool            `json:"x,omitempty"`
	Ends    int64           `json:"e"` // Unix seconds
}

// sealer seals vouchers into addresses. A proxy may log the address of the thank-you page; the key that opens it lives
// in this process's memory and nowhere else, so such a log never leads to a response once the process is gone, and
// within it only for minutes.
type sealer struct{ aead cipher.AEAD }

func newSealer() sealer {
	var key [32]byte
	rand.Read(key[:])
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("web: " + err.Error()) // the key has a length of AES
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("web: " + err.Error()) // AES has the block size of GCM
	}
	return sealer{aead}
}

func (s sealer) seal(plain []byte) string {
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, nil))
}

// open reads a sealed voucher. One that another process sealed, or that has ended, is not ok.
func (s sealer) open(token string, now time.Time) (voucher, bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return voucher{}, false
	}
	if b, err = s.aead.Open(nil, nil, b, nil); err != nil {
		return voucher{}, false
	}
	return readVoucher(b, now)
}

func readVoucher(b []byte, now time.Time) (voucher, bool) {
	var v voucher
	if json.Unmarshal(b, &v) != nil || now.Unix() >= v.Ends {
		return voucher{}, false
	}
	_, ok := surveys.ParseReceipt(string(v.Receipt))
	return v, ok
}

// thank sends a respondent whose answers are committed to the page that shows the receipt.
func (s *Server) thank(c *fiber.Ctx, v voucher) error {
	v.Ends = s.Now().Add(thanksFor).Unix()
	plain, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("web: thank: %w", err)
	}
	c.Cookie(&fiber.Cookie{Name: thanksCookie, Value: base64.RawURLEncoding.EncodeToString(plain), Path: "/thanks",
		MaxAge: int(thanksFor / time.Second), Secure: s.secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteStrictMode})
	return c.Redirect("/thanks?t="+s.forms.seals.seal(plain), http.StatusSeeOther)
}

// showThanks is GET /thanks.
func (s *Server) showThanks(c *fiber.Ctx) error {
	neverKept(c)
	v, ok := s.forms.seals.open(c.Query("t"), s.Now())
	if ok { // the cookie has not been needed; the next person at this browser must not find it
		c.Cookie(&fiber.Cookie{Name: thanksCookie, Path: "/thanks", Expires: time.Unix(0, 0), Secure: s.secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteStrictMode})
	} else {
		if b, err := base64.RawURLEncoding.DecodeString(c.Cookies(thanksCookie)); err == nil {
			v, ok = readVoucher(b, s.Now())
		}
	}
	if !ok {
		v = voucher{Lang: s.words.all.choose(wishOf(c, nil))}
	}
	p := phrases{speech: s.words.in(v.Lang)}
	page := &thanksPage{Code: v.Code, Receipt: v.Receipt.Grouped()}
	switch {
	case !ok:
		page.Heading, page.Next = p.say("gone_title"), p.say("gone_text")
	case v.Changed:
		page.Heading = p.say("changed_title")
	default:
		page.Heading = p.say("thanks_title")
	}
	if ok && v.Named {
		page.Next = p.say("next_named")
	} else if ok {
		page.Next = p.say("next_groups")
	}
	page.respondentFrame = respondentFrame{speech: p.speech, Organisation: s.Organisation, Title: page.Heading}
	if p.err != nil {
		return p.err
	}
	return s.page(c, "answer/thanks", page)
}
