// Package static holds every file that is not Go: page templates, texts,
// style sheets, scripts, pictures and the third-party files under vendor/. It
// only embeds and names them; it renders nothing and serves nothing.
//
// What browsers fetch (css, js, img, vendor) has an address that carries a hash
// of its content, so it may be cached for ever: see Assets. Files whose name
// begins with "." or "_" are not embedded; a test says so if one appears.
package static

import (
	"embed"
	"io/fs"
)

//go:embed templates
var templates embed.FS

//go:embed locales
var locales embed.FS

//go:embed css js img vendor
var public embed.FS

// Templates is the folder templates/: names begin below it ("trend.html").
func Templates() fs.FS { return below(templates, "templates") }

// Locales is the folder locales/: names begin below it ("active.en.toml").
func Locales() fs.FS { return below(locales, "locales") }

// Public is what browsers may fetch, as it lies on disk: names begin with css/,
// js/, img/ or vendor/. Use Assets for serving; this is for programs that read a
// file, such as the chart renderer reading vendor/echarts/echarts.min.js.
func Public() fs.FS { return public }

func below(files embed.FS, folder string) fs.FS {
	sub, err := fs.Sub(files, folder)
	if err != nil {
		// Only a malformed constant above can bring us here.
		panic("static: " + err.Error())
	}
	return sub
}
