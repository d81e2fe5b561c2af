package outbox

import (
	"errors"
	"net/textproto"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Fault is why an entry failed, is uncertain, or waits for another try.
type Fault string

const (
	NoFault     Fault = ""
	Refused     Fault = "refused"     // the mail server refused it for good; Reply says why
	Deferred    Fault = "deferred"    // the mail server refused it for now
	Exhausted   Fault = "exhausted"   // refused for now too often
	Broken      Fault = "broken"      // the connection ended before the message was handed over
	Interrupted Fault = "interrupted" // the connection or the program ended after the message was handed over
	BadAddress  Fault = "address"     // not an e-mail address
	Unwritable  Fault = "unwritable"  // its text could not be written; the log says why
)

// outcome is what became of one attempt.
type outcome struct {
	state State // Queued: to be tried again
	fault Fault
	reply string // of the mail server
}

// pauses is how long to wait before each further try. Many servers defer the first message of a stranger for some
// minutes; one that is down is usually back within a day.
func pause(tries int) time.Duration {
	pauses := [...]time.Duration{3 * time.Second, 30 * time.Second, 5 * time.Minute, 15 * time.Minute, time.Hour,
		2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour}
	if tries >= len(pauses) {
		return 0
	}
	return pauses[tries]
}

// columns are what an outcome changes in the row.
func (out outcome) columns(r entryRow, now time.Time) map[string]any {
	next := now
	if out.state == Queued {
		wait := pause(r.Tries)
		next = now.Add(wait)
		if wait == 0 {
			out.state, out.fault = Failed, Exhausted
		}
	}
	c := map[string]any{"state": out.state, "fault": out.fault, "reply": out.reply, "tries": r.Tries + 1, "next_at": next, "owner": "", "settled_at": nil}
	if out.state != Queued {
		c["settled_at"] = now
	}
	return c
}

// nameless are the columns of a settled entry that tells how it went, but not to whom, nor, to more than a day, when.
func nameless(now time.Time) map[string]any {
	return map[string]any{"reply": "", "tries": 1, "next_at": atOnce(), "owner": "", "address": "", "lease_until": nil, "settled_at": now.Truncate(24 * time.Hour)}
}

// discreet are those of an entry that does not tell either how it went.
func discreet(now time.Time) map[string]any {
	c := nameless(now)
	c["state"], c["fault"] = Sent, NoFault
	return c
}

// phase is how far a message had come when something went wrong.
type phase int

const (
	beforeMessage phase = iota // nothing was handed over: a broken connection has delivered nothing
	sender                     // the server judges who we are, not whom we write to
	recipient
	afterMessage // the last line was sent: only the server knows whether it took it
)

// judge tells what an error of the mail server means.
func judge(at phase, err error) outcome {
	var reply *textproto.Error
	isReply := errors.As(err, &reply) && reply.Code >= 400 && reply.Code < 600
	switch {
	case err == nil:
		return outcome{state: Sent}
	case isReply && reply.Code >= 500 && at >= recipient:
		return outcome{Failed, Refused, said(reply)}
	case isReply:
		return outcome{Queued, Deferred, said(reply)}
	case at == afterMessage:
		return outcome{Uncertain, Interrupted, trimmed(err.Error())}
	}
	return outcome{Queued, Broken, trimmed(err.Error())}
}

func said(e *textproto.Error) string { return trimmed(strconv.Itoa(e.Code) + " " + e.Msg) }

// trimmed makes one short line of a foreign text.
func trimmed(text string) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "?"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if utf8.RuneCountInString(text) <= longestReply {
		return text
	}
	return string([]rune(text)[:longestReply-1]) + "…"
}
