package quotes

import (
	"sync"

	"soundings/analytics"
	"soundings/surveys"
	"soundings/surveys/comments"
	"soundings/surveys/people"
	"soundings/surveys/store"
)

// Reader reads comments.
type Reader struct {
	store   *store.Store
	results *analytics.Reader
	stops   Stops

	mu      sync.Mutex
	version string // of the directory that names is made of
	names   *Names
	kept    map[surveys.ID]*reading // with these names
}

// reading is a comment as it may be read, without whose it is. Working it out takes far longer than reading the comment.
type reading struct {
	source   string // the comment; another one with the same id is another comment
	text     Text
	language string
	plain    string  // the uncovered text, folded: what a search sees
	words    []token // those that say something; see Stops
}

// mostKept bounds the comments that are kept in memory: some 40 MB of ordinary ones.
const mostKept = 20_000

// NewReader returns a reader over the store. It keeps the names of the directory in memory, and looks each time whether
// they have changed.
func NewReader(s *store.Store, results *analytics.Reader, stops Stops) *Reader {
	return &Reader{store: s, results: results, stops: stops}
}

// Names are the names of everybody who is or was in the directory: somebody who has left is still written about.
func (r *Reader) Names(db *store.Tx) (*Names, error) {
	version, err := people.DirectoryVersion(db)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names != nil && r.version == version {
		return r.names, nil
	}
	everybody, err := people.Everybody(db)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(everybody))
	for i, p := range everybody {
		names[i] = p.Name
	}
	r.names, r.version, r.kept = NewNames(names, r.stops.Any), version, map[surveys.ID]*reading{}
	return r.names, nil
}

// reading works out how a comment reads, or remembers it.
func (r *Reader) reading(c surveys.Comment, names *Names, languages []string) *reading {
	r.mu.Lock()
	known := r.kept[c.ID]
	r.mu.Unlock()
	if known != nil && known.source == c.Text {
		return known
	}
	fresh := &reading{source: c.Text, text: names.Mask(c.Text)}
	fresh.plain = comments.Fold(fresh.text.In(map[Mask]string{Name: " ", Email: " ", Phone: " "}))
	fresh.language, fresh.words = r.stops.read(fresh.text, languages)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names != names {
		return fresh // somebody has been entered into the directory meanwhile
	}
	if len(r.kept) >= mostKept {
		clear(r.kept)
	}
	r.kept[c.ID] = fresh
	return fresh
}

func (r *Reader) quote(c surveys.Comment, group Group, names *Names, languages []string) Quote {
	read := r.reading(c, names, languages)
	return Quote{ID: c.ID, Wave: c.Wave, Question: c.Question, Group: group, Text: read.text, Language: read.language, plain: read.plain, words: read.words}
}
