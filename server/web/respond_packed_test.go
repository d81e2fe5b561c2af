package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"testing"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

// sent runs a page through a real app and returns the body as it went out.
func sent(t *testing.T, page *readyPage, receipt surveys.Receipt, encoding string) (body []byte, coding string) {
	t.Helper()
	app := fiber.New()
	app.Get("/", func(c *fiber.Ctx) error { page.send(c, receipt); return nil })
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", encoding)
	response, err := app.Test(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err = io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	return body, response.Header.Get("Content-Encoding")
}

func unzipped(t *testing.T, b []byte) string {
	t.Helper()
	// The reader checks the sum and the length in the trailer.
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	r.Multistream(false)
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func TestAPackedPageIsThePlainPageWithItsReceipt(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(everyKind(t, "en", "ja", "ar"))
	l, err := o.forms.find(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "ja", "ar"} {
		page, err := o.forms.ready(t.Context(), l, lang, surveys.NoVariant)
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			receipt := surveys.NewReceipt()
			want := string(page.before) + string(receipt) + string(page.after)
			packed, coding := sent(t, page, receipt, "gzip, br")
			if got := unzipped(t, packed); coding != "gzip" || got != want {
				t.Fatalf("%s: unpacked page differs (%s, %d bytes, want %d)", lang, coding, len(got), len(want))
			}
			if plain, coding := sent(t, page, receipt, "gzip;q=0, identity"); coding != "" || string(plain) != want {
				t.Fatalf("%s: plain page differs (%q)", lang, coding)
			}
		}
	}
}

func TestAPackedPageIsAsSmallAsIfItWerePackedInOnePiece(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	code, _ := o.open(pulse(t))
	l, err := o.forms.find(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	page, err := o.forms.ready(t.Context(), l, "en", surveys.NoVariant)
	if err != nil {
		t.Fatal(err)
	}
	packed, _ := sent(t, page, surveys.NewReceipt(), "gzip")
	var whole bytes.Buffer
	w, err := gzip.NewWriterLevel(&whole, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, unzipped(t, packed)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	// A second dictionary and the marks around the receipt cost a little; losing the window would cost much more.
	if len(packed) > whole.Len()+200 {
		t.Errorf("packed in three runs it has %d bytes, in one %d", len(packed), whole.Len())
	}
}

func TestAPageMustHoldItsReceiptOnce(t *testing.T) {
	placeholder := surveys.NewReceipt()
	for _, page := range []string{"nothing", string(placeholder) + " and " + string(placeholder)} {
		if _, err := newReadyPage("en", []byte(page), placeholder); err == nil {
			t.Errorf("a page %q was taken", page)
		}
	}
}
