package document

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"soundings/surveys"
)

// FuzzParse holds that no source makes Parse panic, that every fault has a line of the source and a path, and that
// whatever is read can be written and is then read as the same.
func FuzzParse(f *testing.F) {
	library, err := filepath.Glob("../library/*.yaml")
	if err != nil || len(library) < 2 {
		f.Fatalf("the library holds %q, %v", library, err)
	}
	for _, name := range append(library, "testdata/laptops.yaml") {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	for _, s := range []string{
		"title: T\nquestions:\n  - {id: a, kind: scale, text: A}\n",
		"title: |\n  T\n\nquestions: [{id: a, kind: choices, text: 'A', options: [{id: 1, text: \"\\u0001\"}], other: true}]\n",
		"title: &a T\nintro: *a\nquestions:\n- ? b\n  : c\n- <<: d\n",
		"---\ntitle: >+2\n   a\n\n...\n%YAML 1.2\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		everyKeyIsWhereItIsSaidToBe(t, src)
		d, err := Parse(src)
		if err == nil {
			roundTrip(t, d)
			return
		}
		var e *surveys.Error
		if !errors.As(err, &e) || e.Kind != surveys.Invalid || len(e.Faults) == 0 {
			t.Fatalf("Parse: %v", err)
		}
		lines := 1
		for i, c := range src {
			if c == '\n' || c == '\r' && (i+1 == len(src) || src[i+1] != '\n') {
				lines++
			}
		}
		for _, fault := range e.Faults {
			if fault.Line < 1 || fault.Line > lines || fault.Path == "" || fault.Code == "" || fault.Detail == "" {
				t.Errorf("of %d lines: %+v", lines, fault)
			}
		}
	})
}

// everyKeyIsWhereItIsSaidToBe compares the lines that the reader remembers with the source itself. Keys in quotation
// marks may be spelt otherwise in the source and are left out.
func everyKeyIsWhereItIsSaidToBe(t *testing.T, src []byte) {
	text, fault := plainText(src)
	root, faults := tree(src)
	if fault != nil || len(faults) > 0 || root == nil {
		return
	}
	r := &reader{lines: map[string]int{}, failed: map[string]bool{}}
	r.document(root)
	lines := strings.Split(text, "\n")
	for path, n := range r.lines {
		key := path[strings.LastIndexByte(path, '.')+1:]
		if words := strings.Fields(key); len(words) > 0 {
			key = words[0] // a key may run on into the next line
		}
		if n < 1 || n > len(lines) {
			t.Fatalf("%s is on line %d of %d", path, n, len(lines))
		}
		line := lines[n-1]
		if !strings.ContainsAny(key, "[]") && !strings.ContainsAny(line, `"'`) && !strings.Contains(line, key) {
			t.Errorf("%s is not on line %d: %s", path, n, line)
		}
	}
}
