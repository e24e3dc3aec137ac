// How is a chart drawn? uPlot stacks bars from the numbers on the page; the legend is ours, as text. Beside the chart it
// says the sum of all, or, of what is a level, the last.

const COLOURS = ["--main", "--website", "--commerce", "--messages", "--sales", "--custom", "--people"];
const STEPS = [1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 672].map((hours) => hours * 3600); // between two labels
const dark = matchMedia("(prefers-color-scheme: dark)");
const locale = document.documentElement.lang;
const told = (options) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
const number = new Intl.NumberFormat(locale);
let plot;
let observer;

const make = (name, parent, text = "") => {
  const element = parent.appendChild(document.createElement(name));
  element.textContent = text;
  return element;
};

// The topmost line first: each bar covers the lower part of the one before.
const stacked = (lines) => {
  const sums = lines[0].counts.map(() => 0);
  return lines.map(({ counts }) => counts.map((count, n) => (sums[n] += count))).reverse();
};

const sumOf = (counts) => counts.reduce((sum, count) => sum + count, 0);

const legendIn = (box, { lines, at, step, level }, colours) => {
  const legend = make("ul", box);
  legend.className = "legend";
  const when = make("li", legend);
  const shows = lines.map(({ name }, n) => {
    const item = make("li", legend);
    make("i", item).style.background = colours[n];
    make("span", item, name);
    return make("b", item);
  });
  const day = told({ day: "numeric", month: "short" });
  const hour = told({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return (place) => {
    const here = place === null || place === undefined;
    when.textContent = here ? "" : (step === "hour" ? hour : day).format(at[place] * 1000);
    shows.forEach((show, n) => {
      const { counts } = lines[n];
      show.textContent = number.format(!here ? counts[place] : level ? counts.at(-1) : sumOf(counts));
    });
  };
};

const draw = () => {
  plot?.destroy();
  observer?.disconnect();
  plot = observer = undefined;
  const box = document.querySelector("[data-chart]");
  if (!box) return;
  const given = JSON.parse(document.querySelector("[data-chart-numbers]").textContent);
  box.replaceChildren();
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const colours = given.lines.map((_, n) => colour(COLOURS[n]));
  const say = legendIn(box, given, colours);
  const label = told(given.step === "hour" ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" });
  const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const bars = uPlot.paths.bars({ size: [0.8, 100], align: 1 });
  const series = [...colours].reverse().map((fill) => ({ fill, stroke: fill, width: 0, paths: bars, points: { show: false } }));
  const step = given.step === "hour" ? 3600 : 86400;
  const options = {
    width: box.clientWidth,
    height: 240,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { range: () => [given.at[0], given.at.at(-1) + step] }, y: { range: (_, __, most) => [0, Math.max(most * 1.1, 1)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 32, space: 70, incrs: STEPS.filter((n) => n >= step), values: (_, splits) => splits.map((at) => label.format(at * 1000)) },
      { ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5], values: (_, splits) => splits.map((n) => number.format(n)) },
    ],
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
    series: [{}, ...series],
    hooks: { setCursor: [({ cursor }) => say(cursor.idx)] },
  };
  plot = new uPlot(options, [given.at, ...stacked(given.lines)], (made, ready) => {
    box.prepend(made.root);
    ready();
  });
  say(null);
  observer = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 240 }));
  observer.observe(box);
};

draw();
document.addEventListener("swapped", draw);
document.addEventListener("renewed", draw);
dark.addEventListener("change", draw);
