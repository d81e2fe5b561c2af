package static

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

func loaded(t *testing.T, files fs.FS) *Assets {
	t.Helper()
	assets, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	return assets
}

func address(t *testing.T, assets *Assets, name string) string {
	t.Helper()
	url, err := assets.URL(name)
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func TestAllShippedFilesLoad(t *testing.T) {
	assets, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]string{
		"css/staff.css":                  "text/css; charset=utf-8",
		"js/figure.js":                   "text/javascript; charset=utf-8",
		"img/favicon.svg":                "image/svg+xml",
		"vendor/inter/inter-latin.woff2": "font/woff2",
		"vendor/echarts/LICENSE":         "text/plain; charset=utf-8",
	} {
		asset, err := assets.Open(name)
		if err != nil {
			t.Errorf("open %s: %v", name, err)
			continue
		}
		if asset.ContentType != kind {
			t.Errorf("%s has type %q, want %q", name, asset.ContentType, kind)
		}
	}
}

func TestAddressChangesWithContentAndOnlyThen(t *testing.T) {
	files := func(body string) fs.FS { return fstest.MapFS{"js/a.js": {Data: []byte(body)}} }
	first := address(t, loaded(t, files("one")), "js/a.js")
	if again := address(t, loaded(t, files("one")), "js/a.js"); again != first {
		t.Errorf("the same content has addresses %s and %s", first, again)
	}
	if other := address(t, loaded(t, files("two")), "js/a.js"); other == first {
		t.Errorf("changed content kept its address %s", first)
	}
	if !strings.HasPrefix(first, "/static/") || !strings.HasSuffix(first, "/js/a.js") || len(first) != len("/static/12345678/js/a.js") {
		t.Errorf("address is %s", first)
	}
}

func TestAddressOfASheetChangesWithItsPictures(t *testing.T) {
	files := func(picture string) fs.FS {
		return fstest.MapFS{
			"css/a.css": {Data: []byte(`a{background:url( "../img/a.svg" ) no-repeat;fill:url(#g)}`)},
			"img/a.svg": {Data: []byte(picture)},
		}
	}
	before, after := loaded(t, files("<svg/>")), loaded(t, files("<svg></svg>"))
	if address(t, before, "css/a.css") == address(t, after, "css/a.css") {
		t.Error("the sheet kept its address, so browsers would keep the old picture")
	}
	sheet, err := after.Open("css/a.css")
	if err != nil {
		t.Fatal(err)
	}
	want := `a{background:url("` + address(t, after, "img/a.svg") + `") no-repeat;fill:url(#g)}`
	if string(sheet.Bytes) != want {
		t.Errorf("sheet is %s, want %s", sheet.Bytes, want)
	}
}

func TestFaultyFilesAreRefused(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"unknown kind":      {"img/a.bmp": {Data: []byte("x")}},
		"missing picture":   {"css/a.css": {Data: []byte("a{background:url(../img/none.svg)}")}},
		"sheet in a sheet":  {"css/a.css": {Data: []byte("@import url(b.css);")}, "css/b.css": {Data: []byte("b{}")}},
		"outside reference": {"css/a.css": {Data: []byte("a{background:url(https://example.org/a.svg)}")}},
	} {
		if _, err := load(files); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestUnknownNamesDoNotExist(t *testing.T) {
	assets := loaded(t, fstest.MapFS{"js/a.js": {Data: []byte("1")}})
	for _, name := range []string{"", "js", "js/", "js/b.js", "../js/a.js", "/js/a.js"} {
		if _, err := assets.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("open %q: %v", name, err)
		}
		if url, err := assets.URL(name); err == nil {
			t.Errorf("address of %q is %q", name, url)
		}
	}
}

func TestResolveTellsWhichAnswersMayBeKept(t *testing.T) {
	assets := loaded(t, fstest.MapFS{"js/a.js": {Data: []byte("1")}})
	rows := []struct {
		path            string
		exists, current bool
	}{
		{address(t, assets, "js/a.js"), true, true},
		{"/static/00000000/js/a.js", true, false},
		{"/static/js/a.js", false, false},
		{"/static/00000000/js/b.js", false, false},
		{"/static/00000000/../js/a.js", false, false},
		{"/elsewhere/00000000/js/a.js", false, false},
		{"/static/", false, false},
	}
	for _, row := range rows {
		asset, current, err := assets.Resolve(row.path)
		if (err == nil) != row.exists || (asset != nil) != row.exists || current != row.current {
			t.Errorf("resolve %s: found %v, current %v, error %v", row.path, asset != nil, current, err)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("resolve %s: %v", row.path, err)
		}
	}
}

func TestCompressedFormUnpacksToTheSameBytes(t *testing.T) {
	assets, err := New()
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := assets.Open("css/staff.css")
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			reader, err := gzip.NewReader(bytes.NewReader(sheet.Gzip()))
			if err != nil {
				t.Error(err)
				return
			}
			unpacked, err := io.ReadAll(reader)
			if err != nil || !bytes.Equal(unpacked, sheet.Bytes) {
				t.Errorf("unpacked to %d bytes of %d: %v", len(unpacked), len(sheet.Bytes), err)
			}
		})
	}
	wait.Wait()
	font, err := assets.Open("vendor/inter/inter-latin.woff2")
	if err != nil {
		t.Fatal(err)
	}
	if font.Gzip() != nil {
		t.Error("a font, compressed already, is compressed again")
	}
}

// BenchmarkNew guards the start of the program: well under 30 ms.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(); err != nil {
			b.Fatal(err)
		}
	}
}

// contrast is the ratio of WCAG 2.2 between two colours (#rgb or #rrggbb).
func contrast(t *testing.T, one, other string) float64 {
	t.Helper()
	luminance := func(colour string) float64 {
		digits := strings.TrimPrefix(colour, "#")
		if len(digits) == 3 {
			digits = fmt.Sprintf("%[1]c%[1]c%[2]c%[2]c%[3]c%[3]c", digits[0], digits[1], digits[2])
		}
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			value, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
			if err != nil {
				t.Fatalf("colour %s: %v", colour, err)
			}
			part := float64(value) / 255
			if part <= 0.04045 {
				part /= 12.92
			} else {
				part = math.Pow((part+0.055)/1.055, 2.4)
			}
			sum += weight * part
		}
		return sum
	}
	a, b := luminance(one), luminance(other)
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}
