// Draws a page's charts from embedded JSON: lines with uPlot, bars with Chart.js.

const BASE = new URL("../../vendor/", import.meta.url);

function loadScript(path) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(path, BASE);
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

function loadStyle(path) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(path, BASE);
  document.head.append(link);
}

const FONT = `12px ${getComputedStyle(document.body).fontFamily}`;

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function palette() {
  return [token("--expo-accent"), token("--expo-data"), token("--expo-wait"), "#0369a1", "#be123c", "#4d7c0f", "#7e22ce", "#64748b"];
}

// British dates in English, as on the server.
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const shortDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
const longDay = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
const wholeNumber = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const inWords = (format, scale) => (_plot, value) => (value === null || value === undefined ? "–" : format.format(value * scale));
const onAxis = (format, scale) => (_plot, values) => values.map((value) => format.format(value * scale));

function drawLine(box, data) {
  const colors = palette();
  const xs = data.labels.map((label) => Date.parse(label) / 1000);
  const daily = data.series.length > 1;
  const options = {
    width: box.clientWidth,
    height: box.clientHeight - 30,
    series: [
      { label: box.dataset.x, value: inWords(longDay, 1000) },
      ...data.series.map(([name], at) => ({
        label: name,
        value: inWords(wholeNumber, 1),
        stroke: colors[at],
        width: at === 0 ? 2 : 1,
        fill: at === 0 ? undefined : `color-mix(in srgb, ${colors[at]} 22%, transparent)`,
        scale: at === 0 ? "y" : "daily",
        points: { show: false },
      })),
    ],
    axes: [
      { stroke: token("--expo-muted"), font: FONT, values: onAxis(shortDay, 1000), space: 80, grid: { stroke: token("--expo-line") } },
      { font: FONT, values: onAxis(wholeNumber, 1), stroke: token("--expo-muted"), grid: { stroke: token("--expo-line") }, size: 60 },
      ...(daily ? [{ font: FONT, values: onAxis(wholeNumber, 1), scale: "daily", side: 1, stroke: token("--expo-muted"), grid: { show: false }, size: 50 }] : []),
    ],
    // The legend shows the latest day until the pointer is over another.
    hooks: { ready: [(plot) => plot.setLegend({ idx: xs.length - 1 })] },
    tzDate: (seconds) => window.uPlot.tzDate(new Date(seconds * 1000), "UTC"),
    scales: { x: { time: true }, daily: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.6)] } },
  };
  const plot = new window.uPlot(options, [xs, ...data.series.map(([, numbers]) => numbers)], box);
  new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: box.clientHeight - 30 })).observe(box);
}

function drawBars(box, data, stacked) {
  const colors = palette();
  const canvas = document.createElement("canvas");
  box.append(canvas);
  const right = document.dir === "rtl";
  window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  new window.Chart(canvas, {
    type: "bar",
    data: {
      labels: data.labels,
      datasets: data.series.map(([label, numbers], at) => ({ label, data: numbers, backgroundColor: colors[at % colors.length], borderRadius: 3, maxBarThickness: 64 })),
    },
    options: {
      maintainAspectRatio: false,
      // On mirrored charts the library leaves no room for the last label, which is turned and begins outside the bars.
      layout: { padding: { left: right ? 28 : 0 } },
      animation: false,
      color: token("--expo-ink"),
      plugins: { legend: { display: data.series.length > 1, rtl: right, labels: { color: token("--expo-ink"), boxWidth: 12 } }, tooltip: { rtl: right } },
      scales: {
        x: { stacked, reverse: right, ticks: { color: token("--expo-muted") }, grid: { display: false } },
        y: { stacked, position: right ? "right" : "left", beginAtZero: true, ticks: { color: token("--expo-muted"), precision: 0 }, grid: { color: token("--expo-line") }, title: { display: true, text: box.dataset.unit, color: token("--expo-muted") } },
      },
    },
  });
}

/** Draws the chart of each box, which holds its data as JSON and names its kind in data-chart. */
export async function drawCharts(boxes) {
  const kinds = new Set(Array.from(boxes, (box) => box.dataset.chart));
  const needed = [];
  if (kinds.has("line")) {
    loadStyle("uplot-1.6.32/uPlot.min.css");
    needed.push(loadScript("uplot-1.6.32/uPlot.iife.min.js"));
  }
  if (kinds.has("bar") || kinds.has("stacked")) needed.push(loadScript("chart.js-4.6.1/chart.umd.min.js"));
  await Promise.all(needed);
  for (const box of boxes) {
    const data = JSON.parse(box.querySelector("script").textContent);
    if (box.dataset.chart === "line") drawLine(box, data);
    else drawBars(box, data, box.dataset.chart === "stacked");
  }
}
