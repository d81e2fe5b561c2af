package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// thanksFor is how long the thank-you page can show its receipt.
const thanksFor = 10 * time.Minute

// traceOf lets a browser find what it notes about a response, to forget it once that is withdrawn, without keeping the
// receipt. A few digits of a hash lead nobody to a receipt, which is random and long.
func traceOf(r surveys.Receipt) string {
	sum := sha256.Sum256([]byte("answered on this device " + string(r)))
	return hex.EncodeToString(sum[:4])
}

// thanksCookie carries the receipt to the thank-you page on another server; no other address gets it.
const thanksCookie = "thanks"

// voucher is what the thank-you page needs to know.
type voucher struct {
	Receipt surveys.Receipt
	Lang    string
	Code    string // of the link
	Named   bool
	Changed bool
	Ends    int64 // Unix seconds
}

// voucherSeparator occurs in no receipt, language or code, and may stand in a cookie.
const voucherSeparator = "|"

// encode writes a voucher as text; readVoucher reads it.
func (v voucher) encode() []byte {
	b := make([]byte, 0, 128)
	b = append(b, v.Receipt...)
	b = append(b, voucherSeparator...)
	b = append(b, v.Lang...)
	b = append(b, voucherSeparator...)
	b = append(b, v.Code...)
	b = append(b, voucherSeparator...)
	b = strconv.AppendBool(b, v.Named)
	b = append(b, voucherSeparator...)
	b = strconv.AppendBool(b, v.Changed)
	b = append(b, voucherSeparator...)
	return strconv.AppendInt(b, v.Ends, 10)
}

// readVoucher reads what encode wrote. Anything else, or a voucher that has ended, is not ok.
func readVoucher(b []byte, now time.Time) (voucher, bool) {
	parts := strings.Split(string(b), voucherSeparator)
	if len(parts) != 6 {
		return voucher{}, false
	}
	receipt, ok := surveys.ParseReceipt(parts[0])
	named, errNamed := strconv.ParseBool(parts[3])
	changed, errChanged := strconv.ParseBool(parts[4])
	ends, errEnds := strconv.ParseInt(parts[5], 10, 64)
	if !ok || errors.Join(errNamed, errChanged, errEnds) != nil || now.Unix() >= ends {
		return voucher{}, false
	}
	return voucher{Receipt: receipt, Lang: parts[1], Code: parts[2], Named: named, Changed: changed, Ends: ends}, true
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

// thank sends a respondent whose answers are committed to the page that shows the receipt.
func (s *Server) thank(c *fiber.Ctx, v voucher) error {
	v.Ends = s.Now().Add(thanksFor).Unix()
	plain := v.encode()
	c.Cookie(&fiber.Cookie{Name: thanksCookie, Value: string(plain), Path: "/thanks",
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
		v, ok = readVoucher([]byte(c.Cookies(thanksCookie)), s.Now())
	}
	if !ok {
		v = voucher{Lang: s.words.all.choose(wishOf(c, nil))}
	}
	p := phrases{speech: s.words.in(v.Lang)}
	page := &thanksPage{Code: v.Code, Receipt: v.Receipt.Grouped(), Trace: traceOf(v.Receipt), Board: s.boardAddress(p.Spoken)}
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
	s.boards.load(c.UserContext()) // for the way to what became of what was said
	h := s.house()
	page.Offer = ok && h.Mails
	page.respondentFrame = respondentFrame{speech: p.speech, Organisation: h.Name, Title: page.Heading}
	if p.err != nil {
		return p.err
	}
	return s.page(c, "answer/thanks", page)
}
