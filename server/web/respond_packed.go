package web

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// readyPage is a rendered form but for its receipt, which differs from one respondent to the next. It is held plain
// and compressed, so that a request costs neither rendering nor compressing.
//
// The compressed page is one gzip member (RFC 1952) of three runs of deflate blocks (RFC 1951): what stands before the
// receipt, flushed to a whole byte; the receipt as a stored block; and what stands after it.
type readyPage struct {
	lang                      string
	before, after             []byte
	packedBefore, packedAfter []byte
	sum                       uint32 // CRC-32 of before
}

const (
	gzipHeader    = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" // deflate, no name, no time, no system
	unmatchable   = "\x01"                                     // a byte no page holds
	storedMarkLen = 5
)

// newReadyPage splits a page at the placeholder, which must stand in it exactly once and be as long as a receipt.
func newReadyPage(lang string, page []byte, placeholder surveys.Receipt) (*readyPage, error) {
	before, after, found := bytes.Cut(page, []byte(placeholder))
	if !found || bytes.Contains(after, []byte(placeholder)) {
		return nil, fmt.Errorf("web: ready page: the receipt does not stand in it once")
	}
	p := &readyPage{lang: lang, before: before, after: after, sum: crc32.ChecksumIEEE(before)}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(before); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	p.packedBefore = append([]byte(gzipHeader), b.Bytes()...)
	b.Reset()
	// What stands after may point back into what stands before, but never into the receipt, whose bytes it cannot know.
	window := append(bytes.Clone(before), bytes.Repeat([]byte(unmatchable), len(placeholder))...)
	if w, err = flate.NewWriterDict(&b, flate.BestCompression, window); err != nil {
		return nil, err
	}
	if _, err := w.Write(after); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	p.packedAfter = b.Bytes()
	return p, nil
}

// send answers with the page and this receipt.
func (p *readyPage) send(c *fiber.Ctx, receipt surveys.Receipt) {
	response := c.Response()
	response.Header.SetContentType(fiber.MIMETextHTMLCharsetUTF8)
	response.Header.Set(fiber.HeaderContentLanguage, p.lang)
	if c.Get(fiber.HeaderAcceptEncoding) == "" || c.AcceptsEncodings("gzip") == "" {
		response.SetBody(p.before)
		response.AppendBodyString(string(receipt))
		response.AppendBody(p.after)
		return
	}
	response.Header.Set(fiber.HeaderContentEncoding, "gzip")
	response.SetBody(p.packedBefore)
	var mark [storedMarkLen]byte
	binary.LittleEndian.PutUint16(mark[1:], uint16(len(receipt)))
	binary.LittleEndian.PutUint16(mark[3:], ^uint16(len(receipt)))
	response.AppendBody(mark[:])
	response.AppendBodyString(string(receipt))
	response.AppendBody(p.packedAfter)
	sum := crc32.Update(p.sum, crc32.IEEETable, []byte(receipt))
	sum = crc32.Update(sum, crc32.IEEETable, p.after)
	var trailer [8]byte
	binary.LittleEndian.PutUint32(trailer[:], sum)
	binary.LittleEndian.PutUint32(trailer[4:], uint32(len(p.before)+len(receipt)+len(p.after)))
	response.AppendBody(trailer[:])
}
