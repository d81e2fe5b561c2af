// Dresses a chart for the paper it is drawn on. The server's options are data in light colours; this gives them the
// colours of dark paper, the fonts and the axes. It touches no page: browsers run it (figure.js), and so does the
// server where it draws SVG, so that both draw the same chart.
(() => {
  "use strict";

  const papers = {
    light: { ink: "#4a5057", quiet: "#686e75", axis: "#9aa1a8", grid: "#eceef0", paper: "#ffffff", hatch: "#dfe3e8" },
    dark: { ink: "#c9d1d9", quiet: "#9aa5b1", axis: "#5a6570", grid: "#262f38", paper: "#1a2129", hatch: "#333e49" },
  };
  const grey = "#cbd0d6"; // lines that were not chosen
  // What a colour becomes on dark paper; colours that are not here serve on both.
  const onDark = { "#000000": "#e6e9ed", "#0072b2": "#4aa3df", "#d55e00": "#ec7a33", [grey]: "#6b7681" };
  // The darker shade in which a line's name is written on light paper.
  const written = {
    "#d55e00": "#b34e00", "#009e73": "#00785a", "#cc79a7": "#a3487b",
    "#e69f00": "#8a5f00", "#56b4e9": "#1f6f9f", "#f0e442": "#6f6a00", "#7a828a": "#5b636b",
  };
  // From closed to open (BrBG), each with the text that can be read on it: on light paper, and on dark.
  const scale = {
    "#8c510a": ["#ffffff", "#d39a4b", "#1f1200"], "#bf812d": ["#1f1200", "#9a6724", "#ffffff"], "#dfc27d": ["#3d2503", "#7d5520", "#fff4e0"],
    "#f6e8c3": ["#543005", "#4f3d20", "#f6e8c3"], "#f5f5f5": ["#33383e", "#333b45", "#e6e9ed"], "#c7eae5": ["#003c30", "#1d4a46", "#d5f2ee"],
    "#80cdc1": ["#00302a", "#1b675f", "#e4faf6"], "#35978f": ["#001b18", "#22786e", "#ffffff"], "#01665e": ["#ffffff", "#5bbdb0", "#001b18"],
    "#e3e6e9": ["#33383e", "#3d4650", "#e6e9ed"], // the middle of stacked bars, which lie on white
  };
  const small = (colour) => (typeof colour === "string" ? colour.toLowerCase() : undefined);
  const isBand = (series) => series.stack != null && series.type === "line";
  const colourOf = (series) => series.lineStyle?.color ?? series.itemStyle?.color ?? series.color;
  const isChosen = (series) => ![grey, onDark[grey]].includes(small(colourOf(series)));

  // A series, or one of its points, that stands on the scale from closed to open.
  function onScale(part, dark) {
    const [light, darker, dim] = scale[small(part?.itemStyle?.color)] ?? [];
    if (!light) return;
    if (part.label) part.label = { ...part.label, color: dark ? dim : light };
    if (dark) part.itemStyle = { ...part.itemStyle, color: darker };
  }

  // What is not shown is hatched.
  function hatch(part, dark) {
    if (!part?.itemStyle?.decal) return;
    const p = papers[dark ? "dark" : "light"];
    part.itemStyle = { ...part.itemStyle, color: p.paper, decal: { ...part.itemStyle.decal, color: p.hatch } };
    part.label = { ...part.label, color: p.ink };
  }

  // How ECharts draws what the options leave open.
  function theme(dark, font) {
    const p = papers[dark ? "dark" : "light"];
    const axis = { axisLabel: { color: p.quiet, margin: 12 }, axisLine: { lineStyle: { color: p.axis } }, axisTick: { lineStyle: { color: p.axis } }, splitLine: { lineStyle: { color: p.grid } } };
    return {
      textStyle: { fontFamily: font, color: p.ink },
      categoryAxis: axis,
      valueAxis: axis,
      timeAxis: axis,
      title: { textStyle: { color: p.ink, fontSize: 14, fontWeight: 500 }, subtextStyle: { color: p.quiet } },
      legend: { textStyle: { color: p.ink } },
      markLine: { label: { color: p.ink }, lineStyle: { color: p.quiet } },
      tooltip: { backgroundColor: p.paper, borderColor: p.axis, textStyle: { color: p.ink, fontSize: 12 } },
    };
  }

  const twoLines = 38; // letters of a name on narrow paper

  // The options of a text, dressed. On narrow paper only the chosen lines are named.
  function dress(text, { dark, narrow }) {
    const options = JSON.parse(text);
    for (const part of options.series ?? []) {
      onScale(part, dark);
      for (const point of Array.isArray(part.data) ? part.data : []) onScale(point, dark), hatch(point, dark);
    }
    const dressed = dark
      ? JSON.parse(JSON.stringify(options), (key, value) => (/colou?r$/i.test(key) ? onDark[small(value)] ?? value : value))
      : options;
    for (const series of dressed.series ?? []) {
      for (const mark of narrow ? series.markLine?.data ?? [] : []) Object.assign(mark.label ?? {}, { width: 110, fontSize: 10 });
      if (!series.endLabel?.show) continue;
      const colour = small(colourOf(series));
      const chosen = isChosen(series);
      // Room between the lines of text is what keeps shifted labels apart.
      series.endLabel = { lineHeight: 16, color: chosen ? (dark ? colour : written[colour] ?? colour) : papers[dark ? "dark" : "light"].quiet, ...series.endLabel };
      series.labelLayout ??= { moveOverlap: "shiftY" };
      if (narrow) Object.assign(series.endLabel, { show: chosen, fontSize: 11, width: 88, overflow: "truncate" });
      dressed.narrowRight = 96;
    }
    if (narrow && dressed.grid && dressed.narrowRight) {
      dressed.grid = [dressed.grid].flat().map((grid) => ({ ...grid, left: 28, right: dressed.narrowRight }));
    }
    delete dressed.narrowRight;
    // A piece of a bar that is narrow on wide paper has no room for its number on narrow paper.
    for (const point of narrow ? (dressed.series ?? []).flatMap((series) => (series.stack === "levels" ? series.data : [])) : []) {
      if (point.label && point.value < 15) point.label = { show: false };
    }
    // The names of rows get the room that wide paper has; narrow paper has two lines for them, enough to tell questions
    // that begin alike apart, and less for what stands at the end.
    for (const axis of narrow ? [dressed.yAxis].flat() : []) {
      if (axis?.position === "right") dressed.grid = { ...dressed.grid, right: 56 };
      if (!(axis?.axisLabel?.width > 96) || axis.position !== "left") continue;
      axis.data = axis.data.map((name) => (name.length > twoLines ? `${name.slice(0, twoLines - 1).trimEnd()}…` : name));
      axis.axisLabel = { ...axis.axisLabel, width: 120, overflow: "break", fontSize: 11, lineHeight: 13 };
      dressed.grid = { ...dressed.grid, left: 132 };
    }
    return Object.assign(dressed, { animation: false });
  }

  globalThis.soundingsChart = { theme, dress, papers, isBand, isChosen, colourOf };
})();
