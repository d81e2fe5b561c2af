// Package library holds the surveys that come with the program: our own, not validated, in English and German.
package library

import (
	"embed"
	"errors"
	"io/fs"
	"strings"

	"soundings/surveys"
)

const ending = ".yaml"

//go:embed *.yaml
var files embed.FS

// Names lists the surveys in the library, sorted.
func Names() []string {
	// The pattern is constant and the files are part of the program, so there is no error to meet.
	names, _ := fs.Glob(files, "*"+ending)
	for i := range names {
		names[i] = strings.TrimSuffix(names[i], ending)
	}
	return names
}

// Open returns a survey as a document that document.Parse reads without a fault. The error for a name that Names
// does not list is of the kind NotFound.
func Open(name string) ([]byte, error) {
	src, err := files.ReadFile(name + ending)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "survey library", Err: err,
			Message: "there is no survey " + surveys.Quoted(name) + " in the library; there are " + strings.Join(Names(), ", ")}
	}
	return src, err
}
