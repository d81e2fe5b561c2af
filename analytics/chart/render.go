package chart

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"

	"soundings/surveys"
)

// Size is the paper of a picture, in CSS pixels; Dark is the paper of dark pages.
type Size struct {
	Width, Height int
	Dark          bool
}

// The scripts that draw, by their names among the public files: the vendored ECharts, and what gives a chart its colours.
const (
	echarts = "vendor/echarts/echarts.min.js"
	dress   = "js/dress.js"
)

const (
	longestDrawing = 10 * time.Second // a chart takes a fifth of a second; one that takes this long will never be done
	longestQueue   = 32
	cacheBytes     = 8 << 20
	largestOptions = 4 << 20
)

// Renderer draws options as SVG with the ECharts that browsers run, so that a page without scripts, a print and a file
// show the same chart. It draws one at a time and keeps what it drew; it may be used by any number of goroutines.
type Renderer struct {
	sources [2][]byte     // of the scripts
	turn    chan struct{} // held by whoever draws
	waiting atomic.Int32
	pen     *pen // nil before the first drawing and after one that was cut off; guarded by turn
	cache   *cache
}

// NewRenderer reads the scripts from the public files. Only the first drawing loads them: it takes half a second, which
// a program that draws nothing need not spend.
func NewRenderer(public fs.FS) (*Renderer, error) {
	r := &Renderer{turn: make(chan struct{}, 1), cache: newCache(cacheBytes)}
	for i, name := range []string{echarts, dress} {
		var err error
		if r.sources[i], err = fs.ReadFile(public, name); err != nil {
			return nil, fmt.Errorf("chart: %w", err)
		}
	}
	return r, nil
}

// SVG draws options as a picture of the size. It waits for its turn as long as the context allows, and is Unavailable
// when it does not come or too many wait already. The bytes belong to the renderer and must not be changed.
func (r *Renderer) SVG(ctx context.Context, options []byte, size Size) ([]byte, error) {
	if len(options) > largestOptions || size.Width < 1 || size.Height < 1 || size.Width > 4000 || size.Height > 8000 {
		return nil, fmt.Errorf("chart: a picture of %d by %d from %d bytes is no chart", size.Width, size.Height, len(options))
	}
	key := keyOf(options, size)
	if svg, ok := r.cache.get(key); ok {
		return svg, nil
	}
	if r.waiting.Add(1) > longestQueue {
		r.waiting.Add(-1)
		return nil, busy(nil)
	}
	defer r.waiting.Add(-1)
	ctx, cancel := context.WithTimeout(ctx, longestDrawing)
	defer cancel()
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return nil, busy(ctx.Err())
	}
	if svg, ok := r.cache.get(key); ok { // somebody before us in the queue drew it
		return svg, nil
	}
	svg, err := r.draw(ctx, string(options), size)
	if err != nil {
		return nil, err
	}
	r.cache.put(key, svg)
	return svg, nil
}

func busy(err error) error {
	return &surveys.Error{Kind: surveys.Unavailable, Op: "chart", Message: "The picture is not drawn yet; try again in a moment.", Err: err}
}

func keyOf(options []byte, size Size) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d %t\n", size.Width, size.Height, size.Dark)
	h.Write(options)
	return [sha256.Size]byte(h.Sum(nil))
}

// draw is called by whoever has the turn. A machine that was stopped, or threw, may be in any state, so it is let go.
func (r *Renderer) draw(ctx context.Context, options string, size Size) (svg []byte, err error) {
	if r.pen == nil {
		if r.pen, err = r.load(); err != nil {
			return nil, err
		}
	}
	pen := r.pen
	stop := context.AfterFunc(ctx, func() { pen.vm.Interrupt(ctx.Err()) })
	value, err := pen.draw(goja.Undefined(), pen.vm.ToValue(options), pen.vm.ToValue(size.Width), pen.vm.ToValue(size.Height), pen.vm.ToValue(size.Dark))
	if !stop() || err != nil {
		r.pen = nil
	}
	if interrupted := (*goja.InterruptedError)(nil); errors.As(err, &interrupted) {
		return nil, busy(err)
	}
	if err != nil {
		return nil, fmt.Errorf("chart: draw: %w", err)
	}
	return []byte(value.String()), nil
}

// pen is a machine with the scripts loaded. It draws one chart at a time.
type pen struct {
	vm   *goja.Runtime
	draw goja.Callable
}

// ECharts measures text by a canvas where there is one; without, it knows the widths of Latin letters and takes others
// for one em, which leaves labels room enough. A timer has nothing to do: nothing moves in a picture.
//
// What is left out of the picture is what it does under a mouse, with names that count up from drawing to drawing: the
// same options must be the same bytes. Styles become attributes, which no security policy refuses. None of this can
// meet a text of the options, in which quotes and angle brackets are escaped.
//
// What a picture says of itself (see Captioned) is added for those who do not see it.
const drawing = `(function (options, width, height, dark) {
	var written = function (text) { return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;"); };
	var font = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
	var chart = echarts.init(null, soundingsChart.theme(dark, font), {renderer: "svg", ssr: true, width: width, height: height});
	try {
		var dressed = soundingsChart.dress(options, {dark: dark, narrow: width < 560});
		var spoken = dressed.spoken;
		chart.setOption(dressed);
		return chart.renderToSVGString()
			.replace(/="(url\(#)?zr\d+-/g, '="$1zr-')
			.replace(/ class="zr-[^"]*"| ecmeta_[a-z_]*="[^"]*"|<style[^]*?<\/style>/g, "")
			.replace(/ style="([^"]*)"/g, function (all, styles) {
				return styles.replace(/([a-z-]+):([^;]*);?/g, ' $1="$2"');
			})
			.replace(/^<svg/, function (svg) { return spoken ? svg + ' role="img" aria-labelledby="title desc"' : svg; })
			.replace(/^<svg[^>]*>/, function (svg) {
				return spoken ? svg + '<title id="title">' + written(spoken.title) + '</title><desc id="desc">' + written(spoken.desc) + "</desc>" : svg;
			});
	} finally {
		chart.dispose();
	}
})`

func (r *Renderer) load() (*pen, error) {
	vm := goja.New()
	if err := vm.Set("setTimeout", func(goja.Value, int) int { return 0 }); err != nil {
		return nil, fmt.Errorf("chart: load: %w", err)
	}
	for i, name := range []string{echarts, dress} {
		if _, err := vm.RunScript(name, string(r.sources[i])); err != nil {
			return nil, fmt.Errorf("chart: load: %w", err)
		}
	}
	value, err := vm.RunString(drawing)
	if err != nil {
		return nil, fmt.Errorf("chart: load: %w", err)
	}
	draw, ok := goja.AssertFunction(value)
	if !ok {
		return nil, errors.New("chart: load: the drawing is no function")
	}
	return &pen{vm, draw}, nil
}
