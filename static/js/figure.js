// Draws each [data-chart] of the page with ECharts, and takes it away as a picture
// or on paper. Every word and number comes from the server (data-src: ECharts
// options as JSON, in light colours, dressed by dress.js); this only draws, switches
// lines on and off, and follows the window's size and scheme.
// A series with a "stack" is part of an interval band and belongs to the line of
// the same name. A point's "name" is its tooltip ("66 (61–71), 58 answered").
(() => {
  "use strict";

  const { theme, dress, isBand, isChosen, colourOf } = soundingsChart;
  const mostChips = 24;
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const fileWidth = 1000; // of a picture by the server
  const usualHeight = 420; // of a picture by the server; the style sheet sets the height in the window
  const isNarrow = (element) => element.clientWidth < 560;
  const font = () => getComputedStyle(document.body).fontFamily;

  function isDark(plot) {
    const wanted = getComputedStyle(plot).colorScheme;
    return wanted === "dark" || (wanted.includes("dark") && scheme.matches);
  }

  // What a point says when it is pointed at. The server writes it as the point's name; a line of a chart over time
  // has its own name before it. (An HTML tooltip carries style attributes, which the security policy refuses.)
  function pointed(options, points, narrow) {
    const shown = [points].flat().filter((p) => !isBand(options.series[p.seriesIndex]) && p.value != null);
    if (!Array.isArray(points)) return shown.map((p) => p.data?.name ?? `${p.seriesName}  ${p.value}`).join("");
    // Of very many lines, and on a phone, only those in colour are told.
    const told = shown.length <= (narrow ? 4 : mostChips) ? shown : shown.filter((p) => isChosen(options.series[p.seriesIndex]));
    const gap = narrow ? "\n" : "  ";
    return [shown[0]?.axisValueLabel, ...told.map((p) => `${p.marker} ${p.seriesName}${gap}${p.data?.name ?? p.value}`)].join("\n");
  }

  // The options of the server for this window.
  function fit(text, { dark, narrow, hidden }) {
    const options = dress(text, { dark, narrow });
    const formatter = (points) => pointed(options, points, narrow);
    options.tooltip = { trigger: "axis", confine: true, ...(narrow && { padding: 6 }), ...[options.tooltip].flat()[0], renderMode: "richText", formatter };
    if (!options.legend) options.legend = { show: false, selected: Object.fromEntries([...hidden].map((name) => [name, false])) };
    return options;
  }

  // A chip switches one line and its band; a button, so that the keyboard reaches it.
  function chip(series, hidden, chart) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "chip", ariaPressed: String(!hidden.has(series.name)) });
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const stroke = svg.appendChild(document.createElementNS(svg.namespaceURI, "path"));
    const dash = { dashed: "5 3", dotted: "2 3" }[series.lineStyle?.type] ?? "none";
    const look = { d: "M1 5h20", stroke: colourOf(series), "stroke-width": 3, "stroke-dasharray": dash };
    for (const [name, value] of Object.entries(look)) stroke.setAttribute(name, value);
    button.append(svg, series.name);
    button.addEventListener("click", () => {
      const show = hidden.delete(series.name);
      if (!show) hidden.add(series.name);
      button.ariaPressed = String(show);
      chart.dispatchAction({ type: show ? "legendSelect" : "legendUnSelect", name: series.name });
    });
    for (const [event, type] of Object.entries({ mouseenter: "highlight", focus: "highlight", mouseleave: "downplay", blur: "downplay" })) {
      button.addEventListener(event, () => chart.dispatchAction({ type, seriesName: series.name }));
    }
    return button;
  }

  // The chart as a picture in light colours, at twice the size, with its caption: it stands for itself in a slide.
  async function picture(address) {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`chart data: status ${answer.status}`);
    const options = fit(await answer.text(), { dark: false, narrow: false, hidden: new Set() });
    const chart = echarts.init(document.createElement("div"), theme(false, font()), { renderer: "canvas", width: fileWidth, height: options.paperHeight, devicePixelRatio: 2 });
    try {
      chart.setOption(options);
      const canvas = chart.renderToCanvas({ pixelRatio: 2 });
      return await new Promise((done) => canvas.toBlob(done, "image/png"));
    } finally {
      chart.dispose();
    }
  }

  function save(blob, name) {
    const address = URL.createObjectURL(blob);
    Object.assign(document.createElement("a"), { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

  const whenIdle = (task) => (globalThis.requestIdleCallback ? requestIdleCallback(task, { timeout: 3000 }) : setTimeout(task, 500));

  // Prints one figure: the style sheet hides all else while the page says so.
  function printOnly(figure) {
    figure.dataset.printed = "";
    document.body.dataset.printOne = "";
    addEventListener("afterprint", () => (delete figure.dataset.printed, delete document.body.dataset.printOne), { once: true });
    print();
  }

  function mount(element) {
    const [plot, chips, retry] = ["plot", "chips", "retry"].map((part) => element.querySelector(`[data-chart-${part}]`));
    const figure = element.closest("figure") ?? element;
    const hidden = new Set();
    const height = Number(plot.dataset.chartHeight);
    if (height && height !== usualHeight) plot.style.height = `${height}px`;
    let chart, text, narrow, at = -1;
    const show = (state) => element.querySelectorAll("[data-chart-state]").forEach((box) => (box.hidden = box.dataset.chartState !== state));

    function draw() {
      chart?.dispose();
      narrow = isNarrow(element);
      element.dataset.chartLive = "";
      const dark = isDark(element);
      const { paperHeight } = JSON.parse(text);
      if (paperHeight) plot.style.height = `${paperHeight}px`;
      chart = echarts.init(plot, theme(dark, font()), { renderer: "svg" });
      const options = fit(text, { dark, narrow, hidden });
      chart.setOption(options);
      // A line that was broken by a new questionnaire is several series, and one chip.
      const lines = new Map(options.series.filter((s) => s.type === "line" && s.name && !isBand(s)).map((s) => [s.name, s]));
      // Chips name the lines of one plot; of very many only those in colour.
      const named = [...lines.values()].filter((series) => lines.size <= mostChips || isChosen(series));
      chips?.replaceChildren(...(options.grid?.length > 1 ? [] : named.map((series) => chip(series, hidden, chart))));
    }

    // Paper shows the server's picture, which fits every width and is in light colours; it has to be there beforehand.
    function still() {
      if (!element.dataset.chartSvg || element.querySelector(".chart-printed")) return;
      const image = Object.assign(new Image(), { className: "chart-still chart-printed", alt: plot.getAttribute("aria-label") });
      image.addEventListener("load", () => (element.dataset.chartPrintable = ""));
      image.src = element.dataset.chartSvg;
      element.append(image);
    }

    async function load() {
      if (chart) show("loading");
      try {
        // Small charts are laid out by the server, differently on a phone.
        narrow = isNarrow(element);
        const paper = narrow && element.dataset.chartPapers != null ? `${element.dataset.src.includes("?") ? "&" : "?"}paper=phone` : "";
        const answer = await fetch(element.dataset.src + paper, { headers: { Accept: "application/json" } });
        // Signed out meanwhile: the page itself leads to the sign-in.
        if (answer.status === 401) return location.reload();
        if (!answer.ok) throw new Error(`chart data: status ${answer.status}`);
        text = await answer.text();
        draw();
        show("");
        figure.querySelectorAll("[data-figure-live]").forEach((link) => (link.hidden = false));
        whenIdle(still);
      } catch (fault) {
        console.error(fault);
        // The server's picture says the same, if it is there.
        show(element.querySelector("[data-chart-still] img")?.naturalWidth ? "" : "error");
      }
    }

    // The arrow keys walk the tooltip from wave to wave.
    plot.tabIndex = 0;
    plot.addEventListener("keydown", (event) => {
      const [step, waves] = [{ ArrowRight: 1, ArrowLeft: -1 }[event.key], chart?.getOption().xAxis?.[0].data?.length];
      if (!step || !waves) return event.key === "Escape" && chart?.dispatchAction({ type: "hideTip" });
      event.preventDefault();
      at = Math.min(waves - 1, Math.max(0, at + step));
      chart.dispatchAction({ type: "showTip", x: chart.convertToPixel({ xAxisIndex: 0 }, at), y: plot.clientHeight / 2 });
    });
    figure.querySelector("[data-figure-print]")?.addEventListener("click", () => printOnly(figure));
    figure.querySelector("[data-figure-png]")?.addEventListener("click", async () => save(await picture(element.dataset.chartFile), `${figure.dataset.name}.png`));
    retry?.addEventListener("click", (event) => (event.preventDefault(), load()));
    new ResizeObserver(() => chart && (narrow === isNarrow(element) ? chart.resize() : element.dataset.chartPapers != null ? load() : draw())).observe(element);
    scheme.addEventListener("change", () => chart && draw());
    load();
  }

  document.querySelectorAll("[data-chart]").forEach(mount);
})();
