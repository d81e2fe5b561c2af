// Package library holds the surveys that come with the program, complete in English and German. All are our own, and not
// validated.
package library

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"soundings/surveys"
	"soundings/surveys/document"
)

const (
	ending    = ".yaml"
	aboutFile = "about.yaml"
)

//go:embed *.yaml
var files embed.FS

// Survey is one survey of the library.
type Survey struct {
	Name     string // in addresses and on the command line
	Document *surveys.Document
	about    map[string]About
}

// About says what a survey is for and where it comes from, in one language.
type About struct {
	For     string // when one would use it
	Scoring string // how its answers become figures, reversed statements included
	Source  string
	Licence string
}

// About describes the survey in a language of the staff pages, or in English.
func (s Survey) About(lang string) About {
	if about, ok := s.about[lang]; ok {
		return about
	}
	return s.about["en"]
}

// Names lists the surveys in the library, sorted.
func Names() []string {
	// The pattern is constant and the files are part of the program, so there is no error to meet.
	names, _ := fs.Glob(files, "*"+ending)
	names = slices.DeleteFunc(names, func(name string) bool { return name == aboutFile })
	for i := range names {
		names[i] = strings.TrimSuffix(names[i], ending)
	}
	return names
}

// Open returns a survey as a document that document.Parse reads without a fault. The error for a name that Names
// does not list is of the kind NotFound.
func Open(name string) ([]byte, error) {
	if !slices.Contains(Names(), name) {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "survey library",
			Message: "there is no survey " + surveys.Quoted(name) + " in the library; there are " + strings.Join(Names(), ", ")}
	}
	return files.ReadFile(name + ending)
}

// described is the file of descriptions.
type described struct {
	Own     map[string]struct{ Source, Licence string }
	Surveys []struct {
		Name   string
		En, De struct{ For, Scoring string }
	}
}

// All returns every survey of the library in the order in which one meets them: from before a change to long after it.
func All() ([]Survey, error) {
	const op = "survey library"
	source, err := files.ReadFile(aboutFile)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	var d described
	if err := yaml.UnmarshalWithOptions(source, &d, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", op, aboutFile, err)
	}
	var list []Survey
	for _, entry := range d.Surveys {
		source, err := Open(entry.Name)
		if err != nil {
			return nil, err
		}
		doc, err := document.Parse(source)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %s", op, entry.Name), err)
		}
		s := Survey{Name: entry.Name, Document: doc, about: map[string]About{}}
		for lang, text := range map[string]struct{ For, Scoring string }{"en": entry.En, "de": entry.De} {
			s.about[lang] = About{text.For, text.Scoring, d.Own[lang].Source, d.Own[lang].Licence}
		}
		list = append(list, s)
	}
	return list, nil
}

// Find returns one survey of the library, with what is said about it; an unknown name is NotFound.
func Find(name string) (Survey, error) {
	if _, err := Open(name); err != nil {
		return Survey{}, err
	}
	all, err := All()
	if err != nil {
		return Survey{}, err
	}
	for _, s := range all {
		if s.Name == name {
			return s, nil
		}
	}
	return Survey{}, &surveys.Error{Kind: surveys.Internal, Op: "survey library", Message: name + " is not described"}
}
