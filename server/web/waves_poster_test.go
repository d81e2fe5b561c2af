package web

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"soundings/server/accounts"
	"soundings/server/web/webtest"
	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// postered is an office with an open wave of a survey in several languages, planned, so that it has all its links.
func postered(t *testing.T, languages ...string) (o *office, cookie string) {
	t.Helper()
	o = peopled(t, storetest.SQLite(t))
	o.transact(func(tx *store.Tx) error {
		q, _, err := o.Catalog.Publish(tx, everyKind(t, languages...), o.clock.Now())
		if err != nil {
			return err
		}
		_, _, err = waves.Open(tx, waves.New{Questionnaire: q, Label: "now", At: o.clock.Now(), Plan: 1})
		return err
	})
	cookie, _ = o.member(accounts.Author)
	return o, cookie
}

// modules reads a QR picture back into its modules, without the quiet zone, which must be empty and four modules wide.
func modules(t *testing.T, picture string) [][]bool {
	t.Helper()
	var svg struct {
		Box   string `xml:"viewBox,attr"`
		Paths []struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal([]byte(picture), &svg); err != nil || len(svg.Paths) != 2 {
		t.Fatalf("%v, %d paths\n%s", err, len(svg.Paths), picture)
	}
	whole, err := strconv.Atoi(strings.Fields(svg.Box)[2])
	if err != nil {
		t.Fatal(err)
	}
	size := whole - 8
	dark := make([][]bool, size)
	for y := range dark {
		dark[y] = make([]bool, size)
	}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllStringSubmatch(svg.Paths[1].D, -1) {
		var at [3]int
		for i := range at {
			if at[i], err = strconv.Atoi(m[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		for x := at[0]; x < at[0]+at[2]; x++ {
			if x < 4 || x >= size+4 || at[1] < 4 || at[1] >= size+4 {
				t.Fatalf("module %d, %d lies in the quiet zone", x, at[1])
			}
			dark[at[1]-4][x-4] = true
		}
	}
	return dark
}

// decode reads what a QR code of version 2 to 6 and level M says, as ISO/IEC 18004 has it, written apart from the encoder.
func decode(t *testing.T, dark [][]bool) string {
	t.Helper()
	size := len(dark)
	version := (size - 17) / 4
	blocks, perBlock := map[int]int{2: 1, 3: 1, 4: 2, 5: 2, 6: 4}[version], map[int]int{2: 28, 3: 44, 4: 32, 5: 43, 6: 27}[version]
	if blocks == 0 || size != 17+4*version {
		t.Fatalf("a code of %d modules", size)
	}
	format := 0
	for _, at := range [][2]int{{8, 0}, {8, 1}, {8, 2}, {8, 3}, {8, 4}} { // row 8, columns 0 to 4: level and mask
		format <<= 1
		if dark[at[0]][at[1]] {
			format |= 1
		}
	}
	format ^= 0b10101
	if format>>3 != 0 {
		t.Fatalf("the level is %02b, want 00 for M", format>>3)
	}
	masks := []func(y, x int) bool{
		func(y, x int) bool { return (y+x)%2 == 0 }, func(y, _ int) bool { return y%2 == 0 }, func(_, x int) bool { return x%3 == 0 },
		func(y, x int) bool { return (y+x)%3 == 0 }, func(y, x int) bool { return (y/2+x/3)%2 == 0 },
		func(y, x int) bool { return y*x%2+y*x%3 == 0 }, func(y, x int) bool { return (y*x%2+y*x%3)%2 == 0 },
		func(y, x int) bool { return ((y+x)%2+y*x%3)%2 == 0 },
	}
	fixed := func(y, x int) bool {
		align := y >= size-9 && y <= size-5 && x >= size-9 && x <= size-5
		return y < 9 && (x < 9 || x >= size-8) || y >= size-8 && x < 9 || y == 6 || x == 6 || align
	}
	var bits []byte
	up := true
	for right := size - 1; right > 0; right -= 2 {
		if right == 6 {
			right--
		}
		for i := range size {
			y := i
			if up {
				y = size - 1 - i
			}
			for _, x := range []int{right, right - 1} {
				if !fixed(y, x) {
					bit := byte(0)
					if dark[y][x] != masks[format&7](y, x) {
						bit = 1
					}
					bits = append(bits, bit)
				}
			}
		}
		up = !up
	}
	// The words of the blocks are dealt out in turn.
	data := make([]byte, 0, blocks*perBlock*8)
	for b := range blocks {
		for w := range perBlock {
			at := (w*blocks + b) * 8
			data = append(data, bits[at:at+8]...)
		}
	}
	take := func(n int) (v int) {
		for _, bit := range data[:n] {
			v = v<<1 | int(bit)
		}
		data = data[n:]
		return v
	}
	if mode := take(4); mode != 4 {
		t.Fatalf("mode %d, want bytes", mode)
	}
	text := make([]byte, take(8))
	for i := range text {
		text[i] = byte(take(8))
	}
	return string(text)
}

func TestACodeLeadsToItsLink(t *testing.T) {
	o, cookie := postered(t, "en")
	links, err := waves.LinksOf(o.Store.Read(t.Context()), 1)
	if err != nil || len(links) != 4 {
		t.Fatalf("%d links, %v", len(links), err)
	}
	for _, base := range []string{"http://127.0.0.1", "https://feedback.example.org", "https://umfragen.it.stadtwerke-musterhausen.example"} {
		o.BaseURL = base
		for _, l := range links {
			r := o.as(cookie, fmt.Sprintf("/waves/1/links/%d/qr.svg", l.Department))
			if r.status != http.StatusOK || r.header.Get("Content-Type") != "image/svg+xml" {
				t.Fatalf("status %d, %s", r.status, r.header.Get("Content-Type"))
			}
			if got, want := decode(t, modules(t, r.body)), base+"/s/"+l.Code; got != want {
				t.Errorf("the code of department %d says %q, want %q", l.Department, got, want)
			}
		}
	}
	for _, path := range []string{"/waves/1/links/99/qr.svg", "/waves/9/links/0/qr.svg", "/waves/1/posters?link=99"} {
		if r := o.as(cookie, path); r.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	for _, l := range links {
		if strings.Contains(o.log.String(), l.Code) {
			t.Error("the log names a link")
		}
	}
}

func TestPostersSpeakTheLanguageOfTheSurvey(t *testing.T) {
	o, cookie := postered(t, "en", "de", "ar")
	for lang, want := range map[string][]string{
		"en": {`<html lang="en" dir="ltr">`, "A new expense tool", "Nothing is fixed yet.", "Scan this with the camera of your phone", "Nobody can tell who said what."},
		"de": {`<html lang="de" dir="ltr">`, "‹de› ", "Mit der Kamera Ihres Telefons scannen"},
		"ar": {`<html lang="ar" dir="rtl">`, "‹ar› ", "امسح هذا الرمز بكاميرا هاتفك"},
	} {
		page := o.as(cookie, "/waves/1/posters?lang="+lang).body
		o.mustHold(page, want...)
		o.mustHold(page, "Finance", "Legal", "Sales", `<p class="address" dir="ltr">surveys.example.org/s/`)
		if sheets := strings.Count(page, `<section class="sheet">`); sheets != 4 {
			t.Errorf("%s: %d sheets, want 4", lang, sheets)
		}
	}
	if page := o.as(cookie, "/waves/1/posters?link=1&lang=xx").body; strings.Count(page, `class="sheet"`) != 1 || !strings.Contains(page, "Finance") {
		t.Errorf("one poster alone:\n%s", page)
	}
}

// A poster that spills over, or leaves an empty sheet behind, wastes paper on every wall.
func TestEachPosterPrintsOnOneSheetOfA4(t *testing.T) {
	t.Parallel()
	o, _ := postered(t, "en", "de", "ar")
	long := changed(t, everyKind(t, "en", "de"), func(d *surveys.Document) {
		d.Title, d.Intro = strings.Repeat("A long title goes on. ", 13), strings.Repeat("And so does the reason for asking. ", 140)
		tr := d.Translations["de"]
		tr.Title, tr.Intro = strings.Repeat("Ein langer Titel hört nicht auf. ", 8), strings.Repeat("Und die Begründung auch nicht. ", 150)
		d.Translations["de"] = tr
	})
	o.transact(func(tx *store.Tx) error {
		q, _, err := o.Catalog.Publish(tx, long, o.clock.Now())
		if err == nil {
			_, _, err = waves.Open(tx, waves.New{Questionnaire: q, Label: "long", At: o.clock.Now(), Plan: 2})
		}
		return err
	})
	tab := o.enter(o.browsing().Tab(1440, 900))
	if _, err := chromedp.Call(tab.Context(), emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path   string
		sheets int
	}{
		"German":       {"/waves/1/posters?link=1&lang=de", 1},
		"Arabic":       {"/waves/1/posters?link=1&lang=ar", 1},
		"all, English": {"/waves/1/posters", 4},
		"long texts":   {"/waves/2/posters?lang=de", 4},
	} {
		t.Run(name, func(t *testing.T) {
			tab.Open(o.BaseURL + c.path)
			tab.Await(`[...document.images].every((i) => i.complete && i.naturalWidth > 0)`)
			pdf := string(webtest.Get(tab, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize())))
			pages := regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAllString(pdf, -1)
			if len(pages) != c.sheets {
				t.Errorf("%d pages, want %d", len(pages), c.sheets)
			}
			for _, box := range regexp.MustCompile(`/MediaBox\s*\[([^\]]*)\]`).FindAllStringSubmatch(pdf, -1) {
				if f := strings.Fields(box[1]); len(f) != 4 || !strings.HasPrefix(f[2], "59") || !strings.HasPrefix(f[3], "84") {
					t.Errorf("a page of %s points is no A4", box[1])
				}
			}
			hidden := webtest.Eval[int](tab, `[...document.querySelectorAll(".sheet")].filter((s) => s.scrollHeight > s.clientHeight || s.scrollWidth > s.clientWidth).length`)
			if hidden > 0 {
				t.Errorf("something is cut off on %d sheets", hidden)
			}
		})
	}
}
