package webhooks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"
)

const (
	sendPatience = 10 * time.Second
	longestReply = 200
)

// The headers of each request. The signature is the hexadecimal HMAC-SHA256, with the receiver's secret, of the timestamp,
// a dot and the body.
const (
	TimestampHeader = "Soundings-Timestamp"
	SignatureHeader = "Soundings-Signature"
	DeliveryHeader  = "Soundings-Delivery" // equal when the same news is told again
)

// Sign signs a body sent at a time, in seconds since 1970.
func Sign(secret string, at int64, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d.", at)
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// send tells one receiver once.
func (h *Webhooks) send(ctx context.Context, w Webhook, n News, key string) answer {
	body, err := h.body(ctx, w.Kind, n, key)
	if err != nil {
		h.Log.Error("a webhook could not be written", "webhook", int64(w.ID), "error", err)
		return answer{reply: "the message could not be written; the program's log says why"}
	}
	ctx, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.Address, bytes.NewReader(body))
	if err != nil {
		return answer{reply: "the address cannot be used"}
	}
	at := h.now().Unix()
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Soundings")
	request.Header.Set(TimestampHeader, strconv.FormatInt(at, 10))
	request.Header.Set(SignatureHeader, Sign(w.Secret, at, body))
	request.Header.Set(DeliveryHeader, key)
	response, err := h.client().Do(request)
	if err != nil {
		return answer{reply: reason(err)}
	}
	defer response.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(response.Body, 4*longestReply)) // the status is what counts
	return answer{ok: response.StatusCode/100 == 2, gone: response.StatusCode == http.StatusGone, reply: line(response.Status + " " + string(said))}
}

// client follows no redirects, asks no proxy and connects to no address that is not public: whoever may name an address
// must not reach what only this machine can reach. The address is judged when it is connected to, not when it is looked
// up, because a name may lead elsewhere the next moment.
func (h *Webhooks) client() *http.Client {
	dialer := &net.Dialer{Timeout: sendPatience}
	if !h.AllowPrivate {
		dialer.Control = func(_, address string, _ syscall.RawConn) error { return public(address) }
	}
	return &http.Client{
		Transport:     &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true, TLSHandshakeTimeout: sendPatience, ResponseHeaderTimeout: sendPatience},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

var errPrivate = errors.New("the address is inside a private network")

// public refuses every address that is not reachable from everywhere.
func public(address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return errPrivate
	}
	ip := at.Addr().WithZone("").Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return errPrivate
	}
	for _, reserved := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10",
	} {
		if netip.MustParsePrefix(reserved).Contains(ip) {
			return errPrivate
		}
	}
	return nil
}

// reason tells what was wrong without the address, which is a secret.
func reason(err error) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return line(err.Error())
}

func line(text string) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "?"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if all := []rune(text); len(all) > longestReply {
		return string(all[:longestReply-1]) + "…"
	}
	return text
}
