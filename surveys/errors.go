package surveys

import (
	"errors"
	"strconv"
	"strings"
)

// ErrorKind is what went wrong, in terms a caller can act on. One table in server/web turns kinds into statuses.
type ErrorKind string

const (
	Invalid      ErrorKind = "invalid"      // the input breaks a rule; Faults say which
	NotFound     ErrorKind = "not found"    // there is no such thing
	Conflict     ErrorKind = "conflict"     // it contradicts what is stored
	Ended        ErrorKind = "ended"        // the wave is closed
	Unavailable  ErrorKind = "unavailable"  // the database is away, or too much is waiting; trying again is right
	TooLarge     ErrorKind = "too large"    // more than the program takes in one piece
	Unauthorized ErrorKind = "unauthorized" // not signed in
	Forbidden    ErrorKind = "forbidden"    // signed in, not allowed
	TooMany      ErrorKind = "too many"     // slowed down after failures
	Internal     ErrorKind = "internal"     // a fault of ours; strangers see no detail
)

// Error is the one error type that crosses rooms. Message is safe to show to a stranger; Err is for the log.
type Error struct {
	Kind    ErrorKind
	Code    string // "role", "query", ...: a key of the program's words for staff; "" where the kind says all there is to say
	Op      string // the operation that failed, for the log
	Message string // in plain English, for the command line and the API
	Faults  Faults
	Err     error
}

func (e *Error) Error() string {
	parts := make([]string, 0, 3)
	for _, p := range []string{e.Op, e.Message} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if len(e.Faults) > 0 {
		parts = append(parts, e.Faults.Error())
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	if len(parts) == 0 {
		return string(e.Kind)
	}
	return strings.Join(parts, ": ")
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf tells the kind of an error; anything unknown is Internal.
func KindOf(err error) ErrorKind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Fault is one thing wrong with an input, named so that it can be put beside its field in the reader's language.
type Fault struct {
	Path   string            // "questions[2].options", or a form field such as "q.easier"
	Code   string            // "required", "unknown", ...: a key of the program's words
	Detail string            // the fault in plain English, for the command line and the API
	Args   map[string]string // values for the translated sentence
	Line   int               // in a document, from 1; 0 where there are no lines
}

// Faults is every fault of one input, in the order of the input.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Path + ": " + fault.Detail
		if fault.Line > 0 {
			lines[i] = "line " + strconv.Itoa(fault.Line) + ": " + lines[i]
		}
	}
	return strings.Join(lines, "; ")
}
