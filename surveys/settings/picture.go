package settings

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
)

const (
	// LargestLogo bounds the file, in bytes.
	LargestLogo = 1 << 20
	// longestSide bounds the picture in the file, in pixels: a small file can unpack to a huge picture.
	longestSide = 3000

	// visible is the least contrast with white that makes a pixel count as seen, and seen the least share of such pixels.
	visible = 1.5
	seen    = 0.005
)

// decodePicture reads a PNG or JPEG file. Its error is the code of a fault.
func decodePicture(content []byte) (*image.NRGBA, error) {
	read, sizes := png.Decode, png.DecodeConfig
	switch {
	case len(content) > LargestLogo:
		return nil, errors.New(faultLogoLarge)
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
	case bytes.HasPrefix(content, []byte{0xff, 0xd8, 0xff}):
		read, sizes = jpeg.Decode, jpeg.DecodeConfig
	default:
		return nil, errors.New(faultLogoKind)
	}
	size, err := sizes(bytes.NewReader(content))
	if err != nil {
		return nil, errors.New(faultLogoBroken)
	}
	if size.Width > longestSide || size.Height > longestSide {
		return nil, errors.New(faultLogoWide)
	}
	decoded, err := read(bytes.NewReader(content))
	if err != nil {
		return nil, errors.New(faultLogoBroken)
	}
	picture := image.NewNRGBA(image.Rect(0, 0, decoded.Bounds().Dx(), decoded.Bounds().Dy()))
	draw.Draw(picture, picture.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
	return picture, nil
}

// seenOnWhite tells whether a picture can be made out on white, where it always stands.
func seenOnWhite(p *image.NRGBA) bool {
	white, n := colour{255, 255, 255}, 0
	for at := 0; at < len(p.Pix); at += 4 {
		part := func(i int) float64 {
			a := float64(p.Pix[at+3]) / 255
			return float64(p.Pix[at+i])*a + 255*(1-a)
		}
		if contrast(colour{part(0), part(1), part(2)}, white) >= visible {
			n++
		}
	}
	return float64(n) >= seen*float64(len(p.Pix)/4)
}

// within scales a picture down so that it fits; a smaller one stays as it is.
func within(p *image.NRGBA, width, height int) *image.NRGBA {
	w, h := Fit(p.Bounds().Dx(), p.Bounds().Dy(), width, height)
	if w == p.Bounds().Dx() && h == p.Bounds().Dy() {
		return p
	}
	return scaled(p, w, h)
}

// Fit gives the largest size of the same shape within a width and a height, never larger than it was.
func Fit(w, h, width, height int) (int, int) {
	ratio := min(1, float64(width)/float64(w), float64(height)/float64(h))
	return max(1, int(math.Round(float64(w)*ratio))), max(1, int(math.Round(float64(h)*ratio)))
}

// scaled makes each new pixel the mean of the area that it covers. Colours are weighted by how opaque they are: what is
// behind a transparent pixel must not bleed into the edge of a letter.
func scaled(p *image.NRGBA, width, height int) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	fx, fy := float64(p.Bounds().Dx())/float64(width), float64(p.Bounds().Dy())/float64(height)
	for y := range height {
		for x := range width {
			out.SetNRGBA(x, y, mean(p, float64(x)*fx, float64(y)*fy, float64(x+1)*fx, float64(y+1)*fy))
		}
	}
	return out
}

func mean(p *image.NRGBA, left, top, right, bottom float64) color.NRGBA {
	var r, g, b, a, area float64
	for y := int(top); y < min(int(math.Ceil(bottom)), p.Bounds().Dy()); y++ {
		high := min(bottom, float64(y+1)) - max(top, float64(y))
		for x := int(left); x < min(int(math.Ceil(right)), p.Bounds().Dx()); x++ {
			part := high * (min(right, float64(x+1)) - max(left, float64(x)))
			c := p.NRGBAAt(x, y)
			weight := part * float64(c.A)
			r, g, b, a, area = r+weight*float64(c.R), g+weight*float64(c.G), b+weight*float64(c.B), a+weight, area+part
		}
	}
	if a == 0 {
		return color.NRGBA{}
	}
	return color.NRGBA{R: uint8(r/a + 0.5), G: uint8(g/a + 0.5), B: uint8(b/a + 0.5), A: uint8(a/area + 0.5)}
}

// encode writes a picture anew, so that nothing but its pixels is left of the file, in at most so many bytes: as PNG, or
// as JPEG where that is smaller and nothing is transparent, and smaller where neither is small enough.
func encode(p *image.NRGBA, most int) (Picture, error) {
	for {
		best, err := encodePNG(p)
		if err != nil {
			return Picture{}, err
		}
		if p.Opaque() {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: 88}); err != nil {
				return Picture{}, err
			}
			if b.Len() < len(best.Content) {
				best.Kind, best.Content = "jpg", b.Bytes()
			}
		}
		if len(best.Content) <= most {
			return best, nil
		}
		p = within(p, p.Bounds().Dx()*4/5, p.Bounds().Dy())
	}
}

func encodePNG(p *image.NRGBA) (Picture, error) {
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, p)
	return Picture{Kind: "png", Width: p.Bounds().Dx(), Height: p.Bounds().Dy(), Content: b.Bytes()}, err
}
