package imports

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

func utf16Bytes(s string, big, mark bool) string {
	units := utf16.Encode([]rune(s))
	if mark {
		units = append([]uint16{0xFEFF}, units...)
	}
	var b strings.Builder
	for _, u := range units {
		low, high := byte(u), byte(u>>8)
		if big {
			low, high = high, low
		}
		b.WriteByte(low)
		b.WriteByte(high)
	}
	return b.String()
}

func TestEncodingsAreFoundByLookingAtTheFile(t *testing.T) {
	// The last letters straddle the block in which a file is looked through.
	straddling := strings.Repeat("x", 1<<16-1) + "é€😀"
	for _, c := range []struct{ name, bytes, wanted, encoding, text string }{
		{"UTF-8", "Grüße,€", encodingAuto, encodingUTF8, "Grüße,€"},
		{"UTF-8 with a mark", "\uFEFFGrüße", encodingAuto, encodingUTF8, "Grüße"},
		{"UTF-8 across blocks", straddling, encodingAuto, encodingUTF8, straddling},
		{"UTF-16 LE", utf16Bytes("Grüße 😀", false, true), encodingAuto, encodingUTF16LE, "Grüße 😀"},
		{"UTF-16 BE", utf16Bytes("Grüße 😀", true, true), encodingAuto, encodingUTF16BE, "Grüße 😀"},
		{"UTF-16 LE without a mark", utf16Bytes("Grüße", false, false), encodingAuto, encodingUTF16LE, "Grüße"},
		{"UTF-16 BE without a mark", utf16Bytes("Grüße", true, false), encodingAuto, encodingUTF16BE, "Grüße"},
		{"UTF-16 by name", utf16Bytes("Ж", true, true), "utf-16", encodingUTF16BE, "Ж"},
		{"Windows-1252", "Gr\xFC\xDFe \x80 \x93", encodingAuto, encodingWindows, "Grüße € “"},
		{"Windows-1252 by its last byte", straddling + "\xE9", encodingAuto, encodingWindows, ""},
		{"Windows-1252 by name", "caf\xC3\xA9", encodingWindows, encodingWindows, "cafÃ©"},
		{"nothing", "", encodingAuto, encodingUTF8, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := fileOf(t, c.bytes)
			encoding, err := encodingOf(file, c.wanted)
			if err != nil || encoding != c.encoding {
				t.Fatalf("%s, %v; want %s", encoding, err, c.encoding)
			}
			in, err := decoded(file, encoding)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(in)
			if err != nil || c.text != "" && string(text) != c.text {
				t.Errorf("%q, %v; want %q", text, err, c.text)
			}
		})
	}
}

func TestAFileThatIsNotWhatTheMapSaysNamesTheLine(t *testing.T) {
	if _, err := decoded(fileOf(t, "a\nb\nGr\xFC\xDFe"), encodingUTF8); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("want an error that names line 3, got %v", err)
	}
}

func fileOf(t *testing.T, content string) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	if _, err := encodingOf(file, encodingAuto); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	return file
}
