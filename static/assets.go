package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
)

// Prefix begins the address of every asset.
const Prefix = "/static/"

// hashLength is the number of hex digits in an address. 32 bits are plenty: they
// need only differ between the versions of one file.
const hashLength = 8

// Asset is one file as a browser gets it.
type Asset struct {
	Name        string // "css/staff.css"
	URL         string // "/static/1a2b3c4d/css/staff.css"
	ContentType string // with charset for text
	ETag        string // weak, because Bytes and Gzip share it
	Bytes       []byte // not to be changed

	packOnce sync.Once
	packed   []byte
}

// Gzip is the compressed form of Bytes, or nil when compressing gains nothing
// (fonts, tiny files). It is made on first use and kept: compressing all of them
// would slow down every start of the program for files that nobody may ask for.
func (a *Asset) Gzip() []byte {
	a.packOnce.Do(func() { a.packed = pack(a.Bytes, a.ContentType) })
	return a.packed
}

// Assets are all files a browser may fetch. It never changes once made and may
// be used by any number of goroutines.
type Assets struct {
	byName map[string]*Asset
}

// New reads the embedded files and gives each its address. It fails only on a
// fault in the files themselves: an unknown kind of file, or a style sheet of
// ours that refers to a file that is not there.
func New() (*Assets, error) { return load(public) }

func load(files fs.FS) (*Assets, error) {
	assets := &Assets{byName: map[string]*Asset{}}
	var sheets []*Asset
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		kind, ok := contentType(name)
		if !ok {
			return fmt.Errorf("%s: unknown kind of file", name)
		}
		asset := &Asset{Name: name, ContentType: kind, Bytes: content}
		assets.byName[name] = asset
		if path.Ext(name) == ".css" && !strings.HasPrefix(name, "vendor/") {
			sheets = append(sheets, asset)
			return nil
		}
		asset.seal()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load static files: %w", err)
	}
	// A style sheet holds the addresses of other files, so its own hash is taken
	// last: a changed picture must change the sheet's address too.
	for _, sheet := range sheets {
		if err := assets.resolveReferences(sheet); err != nil {
			return nil, fmt.Errorf("load static files: %s: %w", sheet.Name, err)
		}
		sheet.seal()
	}
	return assets, nil
}

// seal fixes the address and tag of an asset whose content is final.
func (a *Asset) seal() {
	sum := sha256.Sum256(a.Bytes)
	digest := hex.EncodeToString(sum[:])
	a.URL = Prefix + digest[:hashLength] + "/" + a.Name
	a.ETag = `W/"` + digest[:32] + `"`
}

var cssReference = regexp.MustCompile(`url\(\s*["']?([^"')]+?)["']?\s*\)`)

// resolveReferences replaces the relative addresses in a style sheet with hashed
// ones.
func (s *Assets) resolveReferences(sheet *Asset) error {
	var fault error
	sheet.Bytes = cssReference.ReplaceAllFunc(sheet.Bytes, func(match []byte) []byte {
		reference := string(cssReference.FindSubmatch(match)[1])
		if strings.HasPrefix(reference, "#") {
			return match
		}
		target, ok := s.byName[path.Join(path.Dir(sheet.Name), reference)]
		if !ok || target.URL == "" {
			fault = fmt.Errorf("no file for url(%s)", reference)
			return match
		}
		return []byte(`url("` + target.URL + `")`)
	})
	return fault
}

// URL is the address of the named file, for templates. The error names a file
// that does not exist, so that a test rendering every page finds a misspelling.
func (s *Assets) URL(name string) (string, error) {
	asset, err := s.Open(name)
	if err != nil {
		return "", err
	}
	return asset.URL, nil
}

// Open finds a file by its name without hash ("css/staff.css"). The error is
// fs.ErrNotExist for names that are not there, folders included.
func (s *Assets) Open(name string) (*Asset, error) {
	asset, ok := s.byName[name]
	if !ok {
		return nil, fmt.Errorf("static file %q: %w", name, fs.ErrNotExist)
	}
	return asset, nil
}

// Resolve finds the file for a requested path ("/static/1a2b3c4d/css/staff.css").
// current tells whether the hash is that of this content, so that the answer may
// be cached for ever. During an upgrade a page of the other version asks for
// another hash: it gets our file, which must then not be cached.
func (s *Assets) Resolve(urlPath string) (asset *Asset, current bool, err error) {
	_, name, found := strings.Cut(strings.TrimPrefix(urlPath, Prefix), "/")
	if !found || !strings.HasPrefix(urlPath, Prefix) {
		return nil, false, fmt.Errorf("static address %q: %w", urlPath, fs.ErrNotExist)
	}
	asset, err = s.Open(name)
	if err != nil {
		return nil, false, err
	}
	return asset, asset.URL == urlPath, nil
}

// contentType knows the kinds of file we ship. Nothing is guessed from content or
// from the machine's own table, which differs between systems.
func contentType(name string) (kind string, ok bool) {
	base := path.Base(name)
	if strings.HasPrefix(base, "LICENSE") || base == "NOTICE" {
		return "text/plain; charset=utf-8", true
	}
	kind, ok = map[string]string{
		".css":   "text/css; charset=utf-8",
		".js":    "text/javascript; charset=utf-8",
		".svg":   "image/svg+xml",
		".png":   "image/png",
		".ico":   "image/vnd.microsoft.icon",
		".woff2": "font/woff2",
		".txt":   "text/plain; charset=utf-8",
		".json":  "application/json",
	}[path.Ext(base)]
	return kind, ok
}

// pack compresses text at the highest level. It returns nil, which means "send
// it as it is", when that saves nothing worth a Vary header.
func pack(content []byte, kind string) []byte {
	if !strings.HasPrefix(kind, "text/") && kind != "image/svg+xml" {
		return nil
	}
	var out bytes.Buffer
	w, levelErr := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if levelErr != nil {
		return nil
	}
	_, writeErr := w.Write(content)
	// Half a stream must never be sent; the uncompressed form is always right.
	if err := errors.Join(writeErr, w.Close()); err != nil || out.Len() > len(content)*9/10 {
		return nil
	}
	return out.Bytes()
}
