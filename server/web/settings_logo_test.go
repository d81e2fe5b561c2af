package web

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/store/storetest"
)

// logoFile is a PNG or, of the worst kind for its size, a JPEG.
func logoFile(t testing.TB, noisy bool) string {
	t.Helper()
	p, r := image.NewNRGBA(image.Rect(0, 0, 500, 100)), rand.New(rand.NewPCG(1, 2))
	for i := range p.Pix {
		p.Pix[i] = 255
		if noisy && i%4 != 3 {
			p.Pix[i] = uint8(r.IntN(256))
		}
	}
	p.SetNRGBA(1, 1, color.NRGBA{1, 102, 94, 255})
	for x := range 400 {
		p.SetNRGBA(50+x, 50, color.NRGBA{1, 102, 94, 255})
	}
	var b bytes.Buffer
	err := png.Encode(&b, p)
	if noisy {
		b.Reset()
		err = jpeg.Encode(&b, p, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var logoImage = regexp.MustCompile(`<img src="(/static/look/[0-9a-f]+\.(?:png|jpg))" alt="([^"]*)" width="(\d+)" height="(\d+)">`)

func TestTheLogoStandsWhereTheNameStood(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(pulse(t), 1)
	cookie, csrf := o.member(accounts.Admin)
	for _, file := range []string{logoFile(t, false), logoFile(t, true)} {
		if r := o.do(o.partsTo("/settings/logo", cookie, csrf, "logo.png", file)); r.header.Get("Location") != "/settings?saved=logo#logo" {
			t.Fatalf("status %d\n%s", r.status, r.body)
		}
		for path, size := range map[string]string{"/s/" + code: "180x36", "/receipt": "180x36", "/s/unknown": "180x36", "/settings": "180x36", "/waves/1/posters": "360x72"} {
			page := o.as(cookie, path)
			found := logoImage.FindStringSubmatch(page.body)
			if found == nil || !strings.Contains(found[2], "Harbour Group") || found[3]+"x"+found[4] != size {
				t.Errorf("%s: %v\n%s", path, found, page.body)
				continue
			}
			picture := o.get(found[1])
			_, kind, err := image.DecodeConfig(strings.NewReader(picture.body))
			if err != nil || picture.header.Get("Content-Type") != "image/"+kind || !strings.Contains(picture.header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %v, %s, %v", found[1], err, kind, picture.header)
			}
		}
	}
	if old := o.get("/static/look/0000000000000000.png"); old.status != http.StatusOK || old.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("the address of another logo: status %d, %v", old.status, old.header)
	}
	if r := o.submit(cookie, "/settings/logo/remove", url.Values{"csrf": {csrf}}); r.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", r.status, r.body)
	}
	if page := o.get("/s/" + code); logoImage.MatchString(page.body) || !strings.Contains(page.body, "Harbour Group") {
		t.Errorf("after removing\n%s", page.body)
	}
	if r := o.get("/static/look/0000000000000000.png"); r.status != http.StatusNotFound {
		t.Errorf("a logo that is gone: status %d", r.status)
	}
}

func TestAWrongLogoIsToldBesideItsField(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	cookie, csrf := o.member(accounts.Admin)
	for content, want := range map[string]string{"<svg onload='alert(1)'/>": "Must be a PNG or JPEG picture.", strings.Repeat("x", 3<<19): "At most 1 MB, please"} {
		r := o.do(o.partsTo("/settings/logo", cookie, csrf, "logo.svg", content))
		if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `id="file-fault">`+want) || logoImage.MatchString(r.body) {
			t.Errorf("%s: status %d\n%s", want, r.status, r.body)
		}
	}
	viewer, stamp := o.member(accounts.Viewer)
	if r := o.do(o.partsTo("/settings/logo", viewer, stamp, "logo.png", logoFile(t, false))); r.status != http.StatusForbidden {
		t.Errorf("somebody who may not: status %d", r.status)
	}
}
