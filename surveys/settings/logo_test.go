package settings

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"slices"
	"testing"

	"gorm.io/gorm"

	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// drawn is a PNG file of which each pixel is told.
func drawn(t *testing.T, width, height int, at func(x, y int) color.NRGBA) []byte {
	t.Helper()
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			p.SetNRGBA(x, y, at(x, y))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withText puts a text chunk after the head of a PNG file, as cameras and editors do.
func withText(file []byte, text string) []byte {
	const head = 8 + 25 // signature and IHDR
	chunk := append([]byte("tEXtComment\x00"), text...)
	out := append(slices.Clone(file[:head]), binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4))...)
	out = append(out, chunk...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	return append(out, file[head:]...)
}

func teal(int, int) color.NRGBA { return color.NRGBA{1, 102, 94, 255} }

func noise(alpha uint8) func(x, y int) color.NRGBA {
	r := rand.New(rand.NewPCG(1, 2))
	return func(int, int) color.NRGBA {
		return color.NRGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), alpha}
	}
}

func saveLogo(t *testing.T, s *store.Store, content []byte) error {
	t.Helper()
	return save(t, s, func(tx *gorm.DB) error { return SaveLogo(tx, content) })
}

func TestALogoIsKeptAsNothingButItsPixelsInTwoBoundedSizes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if l, err := ReadLogo(s.Read(t.Context()), Logo{}); err != nil || l.Set() {
			t.Fatalf("a logo that nobody set: %v", err)
		}
		var before Logo
		for name, file := range map[string][]byte{
			"plain": withText(drawn(t, 900, 300, teal), "taken at home"), "opaque noise": drawn(t, 600, 140, noise(255)),
			"glassy noise": drawn(t, 600, 140, noise(200)), "tall": drawn(t, 40, 900, teal),
		} {
			if err := saveLogo(t, s, file); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			l, err := ReadLogo(s.Read(t.Context()), before)
			if err != nil || !l.Set() || l.Page.Digest == before.Page.Digest {
				t.Fatalf("%s: %v", name, err)
			}
			for _, p := range []struct {
				Picture
				width, height, most int
			}{{l.Page, 360, 72, 6_000}, {l.Poster, 1200, 240, 100_000}} {
				got, kind, err := image.Decode(bytes.NewReader(p.Content))
				if err != nil || got.Bounds().Dx() != p.Width || got.Bounds().Dy() != p.Height || kind == "jpeg" != (p.Kind == "jpg") {
					t.Fatalf("%s: %v, %s as %s", name, err, kind, p.Kind)
				}
				if p.Width > p.width || p.Height > p.height || len(p.Content) > p.most || bytes.Contains(p.Content, []byte("home")) {
					t.Errorf("%s: %d x %d in %d bytes, or with the text of the file", name, p.Width, p.Height, len(p.Content))
				}
			}
			before = l
		}
		if err := save(t, s, RemoveLogo); err != nil {
			t.Fatal(err)
		}
		if l, err := ReadLogo(s.Read(t.Context()), before); err != nil || l.Set() {
			t.Errorf("the logo is still there: %v", err)
		}
	})
}

func TestAFileThatIsNoUsableLogoIsRefusedAndTheOneBeforeStays(t *testing.T) {
	s := storetest.SQLite(t)
	good := drawn(t, 30, 30, teal)
	if err := saveLogo(t, s, good); err != nil {
		t.Fatal(err)
	}
	huge := drawn(t, 1, 1, teal)
	binary.BigEndian.PutUint32(huge[16:], 60_000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for code, file := range map[string][]byte{
		"logo_none": {}, "logo_kind": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "logo_wide": huge,
		"logo_broken": good[:60], "logo_large": append(slices.Clone(good), make([]byte, LargestLogo)...),
		"logo_pale": drawn(t, 30, 30, func(int, int) color.NRGBA { return color.NRGBA{255, 255, 255, 200} }),
	} {
		if got := faultsOf(t, saveLogo(t, s, file)); !slices.Equal(got, []string{"logo " + code}) {
			t.Errorf("%s: %v", code, got)
		}
	}
	if l, err := ReadLogo(s.Read(t.Context()), Logo{}); err != nil || l.Page.Width != 30 {
		t.Errorf("the logo before is gone: %v", err)
	}
}

func TestWhatIsBehindATransparentPixelDoesNotBleedIntoItsNeighbours(t *testing.T) {
	p := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	p.SetNRGBA(0, 0, color.NRGBA{1, 102, 94, 255})
	p.SetNRGBA(1, 0, color.NRGBA{255, 0, 0, 0})
	if got := scaled(p, 1, 1).NRGBAAt(0, 0); got != (color.NRGBA{1, 102, 94, 128}) {
		t.Errorf("%v", got)
	}
}
