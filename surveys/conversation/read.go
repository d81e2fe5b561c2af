package conversation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"soundings/surveys"
)

// Largest is how many bytes of a file are taken in.
const Largest = 64 << 20

const opRead = "conversation: read"

// Read reads a file whole, and refuses one that is not, as it stands, what a program of this version can write.
func Read(r io.Reader) (*File, error) {
	content, err := io.ReadAll(io.LimitReader(r, Largest+1))
	if err != nil {
		return nil, err
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	switch {
	case len(content) > Largest:
		return nil, &surveys.Error{Kind: surveys.TooLarge, Op: opRead, Message: fmt.Sprintf("the file is larger than %d MB, which is more than any conversation has", Largest>>20)}
	case !utf8.Valid(content):
		return nil, refused("the file holds bytes that are no text (UTF-8)")
	}
	if err := known(content); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	var f File
	if err := decoder.Decode(&f); err != nil {
		return nil, explained(content, decoder.InputOffset(), err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, refused("something follows after the end of the conversation")
	}
	return &f, nil
}

// known looks at what the file says it is before anything else, so that a file of a later version is refused as that.
func known(content []byte) error {
	var head struct {
		Format  string
		Version int
	}
	var kind *json.UnmarshalTypeError
	err := json.Unmarshal(content, &head)
	switch {
	case err != nil && !errors.As(err, &kind):
		return explained(content, 0, err)
	case head.Format != Format:
		return refused(fmt.Sprintf("the file does not begin with \"format\": %q; it is no conversation that export all has written", Format))
	case err != nil:
		return explained(content, 0, err)
	case head.Version > Version:
		return refused(fmt.Sprintf("the file has version %d, and this program knows up to %d: take a newer one", head.Version, Version))
	case head.Version != Version:
		return refused(fmt.Sprintf("the file says version %d, which there has never been", head.Version))
	}
	return nil
}

func refused(message string) error {
	return &surveys.Error{Kind: surveys.Invalid, Op: opRead, Message: message}
}

// explained says where in the file the reader stopped, and why.
func explained(content []byte, at int64, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	detail := strings.TrimPrefix(err.Error(), "json: ")
	switch {
	case errors.As(err, &syntax) && syntax.Offset >= int64(len(content)), errors.Is(err, io.ErrUnexpectedEOF):
		at, detail = int64(len(content)), "the file ends too early"
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at, detail = kind.Offset, fmt.Sprintf("%s must not be a %s", strings.ReplaceAll(kind.Field, "CarriedText.", ""), kind.Value)
	}
	line := 1 + bytes.Count(content[:min(max(at, 0), int64(len(content)))], []byte("\n"))
	return &surveys.Error{Kind: surveys.Invalid, Op: opRead, Message: "the file cannot be read", Faults: surveys.Faults{{Code: "unreadable", Detail: detail, Line: line}}}
}
