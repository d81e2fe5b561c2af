// Draws each [data-chart] of the page with ECharts. Every word and number comes
// from the server (data-src: ECharts options as JSON, in light colours); this only
// draws, switches lines on and off, and follows the window's size and scheme.
// A series with a "stack" is part of an interval band and belongs to the line of
// the same name. A point's "name" is its tooltip ("66 (61–71), 58 answered").
(() => {
  "use strict";

  const grey = "#cbd0d6"; // departments not chosen
  // What a colour becomes on dark paper (the others serve on both), and the darker
  // shade in which a line's name is written on light paper.
  const onDark = { "#000000": "#e6e9ed", "#0072b2": "#4aa3df", "#d55e00": "#ec7a33", [grey]: "#4b5561" };
  const ink = {
    "#d55e00": "#b34e00", "#009e73": "#00785a", "#cc79a7": "#a3487b",
    "#e69f00": "#8a5f00", "#56b4e9": "#1f6f9f", "#f0e442": "#6f6a00",
  };
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const isNarrow = (plot) => plot.clientWidth < 560;
  const isBand = (series) => series.stack != null;
  const lineColour = (series) => series.lineStyle?.color ?? series.itemStyle?.color ?? series.color;

  function isDark(plot) {
    const wanted = getComputedStyle(plot).colorScheme;
    return wanted === "dark" || (wanted.includes("dark") && scheme.matches);
  }

  // The style sheet's --chart-* colour, as the browser computes it for this scheme.
  function styled(element, name) {
    const probe = element.appendChild(document.createElement("i"));
    probe.style.color = `var(--chart-${name})`;
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  }

  function theme(element) {
    const [text, quiet, line, grid, paper] = ["ink", "quiet", "axis", "grid", "paper"].map((name) => styled(element, name));
    const axis = { axisLabel: { color: quiet, margin: 12 }, axisLine: { lineStyle: { color: line } }, splitLine: { lineStyle: { color: grid } } };
    return {
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: text },
      categoryAxis: axis,
      valueAxis: axis,
      markLine: { label: { color: text }, lineStyle: { color: quiet } },
      tooltip: { backgroundColor: paper, borderColor: line, textStyle: { color: text, fontSize: 12 } },
    };
  }

  // The server's options made fit for this window: width, scheme and policy.
  function fit(text, plot, hidden) {
    const [dark, narrow] = [isDark(plot), isNarrow(plot)];
    const options = JSON.parse(text, (key, value) =>
      dark && /colou?r$/i.test(key) && typeof value === "string" ? onDark[value.toLowerCase()] ?? value : value);
    for (const series of options.series) {
      if (!series.endLabel?.show) continue;
      const colour = lineColour(series)?.toLowerCase();
      const chosen = colour !== grey && colour !== onDark[grey];
      const written = chosen ? (dark ? colour : ink[colour] ?? colour) : styled(plot, "quiet");
      // Room between the lines of text is what keeps shifted labels apart.
      series.endLabel = { lineHeight: 16, color: written, ...series.endLabel };
      series.labelLayout ??= { moveOverlap: "shiftY" };
      // A phone has room for the chosen names only; the chips name the others.
      if (narrow) Object.assign(series.endLabel, { show: chosen, fontSize: 11, width: 88, overflow: "truncate" });
    }
    if (narrow && options.grid) options.grid = [options.grid].flat().map((grid) => ({ ...grid, left: 28, right: 96 }));
    // An HTML tooltip carries style attributes, which the security policy refuses.
    const formatter = (points) => {
      const shown = [points].flat().filter((p) => !isBand(options.series[p.seriesIndex]) && p.value != null);
      return [shown[0]?.axisValueLabel, ...shown.map((p) => `${p.marker} ${p.seriesName}  ${p.data.name ?? p.value}`)].join("\n");
    };
    options.tooltip = { trigger: "axis", confine: true, ...[options.tooltip].flat()[0], renderMode: "richText", formatter };
    options.legend = { show: false, selected: Object.fromEntries([...hidden].map((name) => [name, false])) };
    return Object.assign(options, { animation: false });
  }

  // A chip switches one line and its band; a button, so that the keyboard reaches it.
  function chip(series, hidden, chart) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "chip", ariaPressed: String(!hidden.has(series.name)) });
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const stroke = svg.appendChild(document.createElementNS(svg.namespaceURI, "path"));
    const dash = { dashed: "5 3", dotted: "2 3" }[series.lineStyle?.type] ?? "none";
    const look = { d: "M1 5h20", stroke: lineColour(series), "stroke-width": 3, "stroke-dasharray": dash };
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

  function mount(element) {
    const [plot, chips, retry] = ["plot", "chips", "retry"].map((part) => element.querySelector(`[data-chart-${part}]`));
    const hidden = new Set();
    let chart, text, narrow, at = -1;
    const show = (state) => element.querySelectorAll("[data-chart-state]").forEach((box) => (box.hidden = box.dataset.chartState !== state));

    function draw() {
      chart?.dispose();
      narrow = isNarrow(plot);
      chart = echarts.init(plot, theme(element), { renderer: "svg" });
      const options = fit(text, plot, hidden);
      chart.setOption(options);
      // A line that was broken by a new questionnaire is several series, and one chip.
      const lines = new Map(options.series.filter((s) => s.type === "line" && !isBand(s)).map((s) => [s.name, s]));
      chips?.replaceChildren(...[...lines.values()].map((series) => chip(series, hidden, chart)));
    }

    async function load() {
      show("loading");
      try {
        const answer = await fetch(element.dataset.src, { headers: { Accept: "application/json" } });
        // Signed out meanwhile: the page itself leads to the sign-in.
        if (answer.status === 401) return location.reload();
        if (!answer.ok) throw new Error(`chart data: status ${answer.status}`);
        text = await answer.text();
        draw();
        show("");
      } catch (fault) {
        console.error(fault);
        show("error");
      }
    }

    // The arrow keys walk the tooltip from wave to wave.
    plot.tabIndex = 0;
    plot.addEventListener("keydown", (event) => {
      const [step, waves] = [{ ArrowRight: 1, ArrowLeft: -1 }[event.key], chart?.getOption().xAxis[0].data.length];
      if (!step || !waves) return event.key === "Escape" && chart?.dispatchAction({ type: "hideTip" });
      event.preventDefault();
      at = Math.min(waves - 1, Math.max(0, at + step));
      chart.dispatchAction({ type: "showTip", x: chart.convertToPixel({ xAxisIndex: 0 }, at), y: plot.clientHeight / 2 });
    });
    retry?.addEventListener("click", (event) => (event.preventDefault(), load()));
    new ResizeObserver(() => chart && (narrow === isNarrow(plot) ? chart.resize() : draw())).observe(plot);
    scheme.addEventListener("change", () => chart && draw());
    // Paper is white, whatever the screen.
    const repaint = (width) => chart && (draw(), chart.resize({ width }));
    addEventListener("beforeprint", () => ((element.dataset.bsTheme = "light"), repaint(660)));
    addEventListener("afterprint", () => (delete element.dataset.bsTheme, repaint("auto")));
    load();
  }

  document.querySelectorAll("[data-chart]").forEach(mount);
})();
