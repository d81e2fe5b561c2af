package imports

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"soundings/surveys"
)

// The encodings a map may name. Auto looks at the file.
const (
	encodingAuto    = "auto"
	encodingUTF8    = "utf-8"
	encodingUTF16LE = "utf-16le"
	encodingUTF16BE = "utf-16be"
	encodingWindows = "windows-1252"
)

func encodings() []string {
	return []string{encodingAuto, encodingUTF8, "utf-16", encodingUTF16LE, encodingUTF16BE, encodingWindows}
}

// encodingOf settles which encoding a text file has. Without a byte-order mark, a file that is UTF-8 to the last byte
// is UTF-8, and every other is Windows-1252, in which any byte means something: the one guess that other tools make, too.
func encodingOf(file *os.File, wanted string) (string, error) {
	head := make([]byte, 4)
	n, err := io.ReadFull(file, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", err
	}
	head = head[:n]
	switch wanted {
	case encodingAuto:
	case "utf-16":
		if bytes.HasPrefix(head, []byte{0xFE, 0xFF}) || n > 1 && head[0] == 0 && head[1] != 0 {
			return encodingUTF16BE, nil
		}
		return encodingUTF16LE, nil
	default:
		return wanted, nil
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return encodingUTF16LE, nil
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return encodingUTF16BE, nil
	// Without a mark, letters beside zero bytes: no text in another encoding holds zeros.
	case n == 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return encodingUTF16LE, nil
	case n == 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return encodingUTF16BE, nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	line, err := firstLineNotUTF8(file)
	if err != nil || line > 0 {
		return encodingWindows, err
	}
	return encodingUTF8, nil
}

// decoded reads the file from its beginning as UTF-8 without a mark.
func decoded(file *os.File, encoding string) (io.Reader, error) {
	if encoding == encodingUTF8 {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		line, err := firstLineNotUTF8(file)
		if err != nil {
			return nil, err
		}
		if line > 0 {
			return nil, &surveys.Error{Kind: surveys.Invalid, Op: "imports",
				Message: fmt.Sprintf("line %d is not UTF-8, which the map says the file is; \"encoding: auto\" finds the right one", line)}
		}
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	var t transform.Transformer
	switch encoding {
	case encodingUTF16LE:
		t = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case encodingUTF16BE:
		t = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()
	case encodingWindows:
		t = charmap.Windows1252.NewDecoder()
	default:
		t = unicode.BOMOverride(transform.Nop)
	}
	return transform.NewReader(bufio.NewReaderSize(file, 1<<16), t), nil
}

// firstLineNotUTF8 is 0 if the rest of the file is UTF-8.
func firstLineNotUTF8(file io.Reader) (int, error) {
	line, kept := 1, 0
	buf := make([]byte, 1<<16)
	for {
		n, err := file.Read(buf[kept:])
		part := buf[:kept+n]
		last := err == io.EOF
		for len(part) > 0 {
			r, size := utf8.DecodeRune(part)
			if r == utf8.RuneError && size == 1 {
				if !last && !utf8.FullRune(part) {
					break
				}
				return line, nil
			}
			if r == '\n' {
				line++
			}
			part = part[size:]
		}
		if last {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		kept = copy(buf, part)
	}
}
