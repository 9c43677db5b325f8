// The page of a scenario: sliders, the sentence and bars of the comparison, a fan, worlds to open, why, forks.
//
// One module serves the explorer (asking a server on this computer), a notebook (asking the kernel, by anywidget) and a
// report (asking nothing: its data stand in the file). It draws what it is given and computes no result. The plotting
// library uPlot stands before it in the same file. Nothing is fetched but from the host that it is mounted on.

const MUTED = "#6b7280", YOURS = "#0072b2", BLACK = "#1a1a1a", WRITTEN = "#7a7f87";
// Okabe and Ito's colours, in an order in which neighbours differ for colour-blind readers and in grey print.
const PALETTE = ["#0072b2", "#e69f00", "#56b4e9", "#d55e00", "#009e73", "#cc79a7", "#b8a800", "#8c8c8c", "#5d4a9c"];
// Ends by what they are worth: blue is good, orange bad, grey open; which one it is stands beside the bar.
const ENDS = { good: ["#0072b2", "#56b4e9", "#004c78"], open: ["#8d949e", "#bcc1c8", "#646b75"], bad: ["#d55e00", "#e69f00", "#8f3d00", "#f0c05a"] };
const WORDS = { yours: "your deal", written: "as written" }; // what the two deals are called
const IDLE = 300; // milliseconds without a change after which the page asks for more worlds
const DAY = 86400000;
const ROLES = { good: ["▲", "a good end"], bad: ["▼", "a bad end"], open: ["●", "an open end"] };

// --- small tools -----------------------------------------------------------------------------------------------------
const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...children) {
  const node = ["svg", "g", "rect", "line", "circle", "text", "title", "path"].includes(tag)
    ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(node.style, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

const percent = (share) => `${(100 * share).toFixed(share > 0 && share < 0.01 ? 1 : 0)} %`;
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
function signed(value, digits = 0) {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : (value > 0 ? "+" : "−") + text;
}
const surely = (bar) => bar.low != null && (bar.low > 0 || bar.high < 0);
const dateOf = (start, day) => new Date(Date.parse(start) + Math.floor(day) * DAY).toISOString().slice(0, 10);

function shortNumber(value) {
  if (value == null) return "–";
  const size = Math.abs(value);
  return size >= 10000 ? value.toLocaleString("en", { maximumFractionDigits: 0 })
    : size >= 100 ? value.toLocaleString("en", { maximumFractionDigits: 0 })
      : value.toLocaleString("en", { maximumSignificantDigits: 3 });
}

// --- bars ------------------------------------------------------------------------------------------------------------
function bar(row, small = false) {
  const across = (share) => `${(100 * share).toFixed(2)}%`;
  return make("div", { class: small ? "bar small" : "bar", "aria-hidden": "true" },
    make("div", { class: "fill", style: { width: across(row.yours.share ?? 0) } }),
    make("div", { class: "whisker", style: { left: across(row.yours.low ?? 0), width: across((row.yours.high ?? 0) - (row.yours.low ?? 0)) } }),
    make("div", { class: "ghost", style: { left: across(row.written.share ?? 0) } }));
}

function differenceWords(row, runs, changed) {
  if (!changed || row.difference == null) return "";
  if (row.difference === 0 && row.low === row.high) return "same";
  const points = (share) => signed(100 * share);
  return `${points(row.difference)} [${points(row.low)}, ${points(row.high)}]`;
}

export function drawBars(element, answer, words = WORDS) {
  const groups = [["How it ends", ["outcome", "failed"]], ["On the way", ["talks", "milestone", "by"]]];
  const table = make("table", { class: "bars" }, make("caption", {}, `Share of ${answer.runs.toLocaleString("en")} worlds. `,
    make("span", { class: "key" }, make("i", { class: "swatch fill" }), `${answer.changed ? words.yours : "worlds"}, with the 95 % interval`),
    answer.changed ? make("span", { class: "key" }, make("i", { class: "swatch ghost" }), `${words.written}, on the same luck`) : null),
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "What happens"), make("th", { "aria-hidden": "true" }),
      make("th", { scope: "col", class: "number" }, answer.changed ? words.yours : "worlds"),
      answer.changed ? make("th", { scope: "col", class: "number" }, words.written) : null,
      answer.changed ? make("th", { scope: "col", class: "number" }, "points more [95 % interval]") : null)));
  for (const [title, kinds] of groups) {
    const rows = answer.bars.filter((row) => kinds.includes(row.kind));
    if (!rows.length) continue;
    const body = make("tbody", {}, make("tr", {}, make("th", { scope: "colgroup", colspan: 5, class: "group" }, title)));
    for (const row of rows) {
      const [sign, meaning] = ROLES[row.role] ?? ["", ""];
      body.append(make("tr", { "data-measure": row.name, class: answer.changed && surely(row) ? "sure" : "" },
        make("th", { scope: "row" }, sign ? make("span", { class: `role ${row.role}`, title: meaning }, sign, make("span", { class: "unseen" }, ` ${meaning}: `)) : null, row.label),
        make("td", { class: "drawn" }, bar(row)),
        make("td", { class: "number", title: `${row.yours.count} of ${answer.runs} worlds` }, percent(row.yours.share)),
        answer.changed ? make("td", { class: "number muted" }, percent(row.written.share)) : null,
        answer.changed ? make("td", { class: "number difference" }, differenceWords(row, answer.runs, true)) : null));
    }
    table.append(body);
  }
  element.replaceChildren(table);
}

export function drawCard(element, card, answer) {
  const kept = Object.fromEntries((answer?.bars ?? []).map((row) => [row.name, row]));
  const counted = card.rows.some((row) => row.measure);
  element.replaceChildren(make("table", { class: "card" },
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Who"), make("th", { scope: "col" }, "promises"), make("th", { scope: "col" }, "by when"),
      counted ? make("th", { scope: "col", class: "keptcell" }, "kept") : null)),
    make("tbody", {}, ...card.rows.map((row) => {
      const share = kept[row.measure];
      return make("tr", { "data-measure": row.measure },
        make("td", {}, capital(row.by), row.to && row.to !== "all" ? make("small", {}, ` to ${row.to}`) : null),
        make("td", {}, row.what), make("td", { class: "due" }, row.due),
        counted ? make("td", { class: "keptcell" }, share ? percent(share.yours.share) : "", share ? bar(share, true) : null) : null);
    }))));
}

// --- fan -------------------------------------------------------------------------------------------------------------
export class Fan {
  constructor(element, start) {
    this.element = element;
    this.start = Date.parse(start) / 1000;
    this.plot = null;
    this.readout = make("p", { class: "readout", "aria-live": "polite" });
    this.frame = make("div", { class: "fan", tabindex: 0, role: "img", onkeydown: (event) => this.step(event) });
    this.numbers = make("div");
    element.replaceChildren(this.frame, this.readout, make("details", { class: "numbers" }, make("summary", {}, "The same as a table"), this.numbers));
    this.watch = new ResizeObserver(() => this.plot && this.plot.setSize({ width: this.frame.clientWidth || 300, height: this.height() }));
    this.watch.observe(this.frame);
  }

  height() { return this.frame.clientWidth < 520 ? 220 : 270; }

  draw(panel, fan, changed) {
    this.panel = panel; this.fan = fan; this.changed = changed;
    const x = fan.days.map((day) => this.start + day * 86400);
    const written = changed ? [fan.written[0], fan.written[2], fan.written[4]] : fan.written.slice(0, 3).map((row) => row.map(() => null));
    const data = [x, ...fan.yours, ...written];
    const key = `${panel.series} ${changed}`;
    if (this.plot && this.key === key) this.plot.setData(data);
    else this.build(data, key);
    this.describe();
  }

  build(data, key) {
    this.plot?.destroy();
    this.key = key;
    const line = (label, stroke, width, dash) => ({ label, stroke, width, dash, points: { show: false }, spanGaps: false });
    const thin = "rgba(0,114,178,.35)";
    const axis = { stroke: "#4b5563", grid: { stroke: "#e8eaed", width: 1 }, ticks: { stroke: "#e8eaed" }, font: "12px system-ui, sans-serif" };
    this.plot = new uPlot({
      width: this.frame.clientWidth || 600, height: this.height(), tzDate: (stamp) => uPlot.tzDate(new Date(stamp * 1000), "UTC"),
      legend: { show: false }, cursor: { drag: { x: false, y: false }, points: { show: false } },
      scales: { y: { range: (_plot, low, high) => this.extent(low, high) } },
      axes: [axis, { ...axis, size: 62, values: (_plot, ticks) => ticks.map(shortNumber) }],
      series: [{}, line("5 %", thin, 1), line("25 %", null, 0), line("median", YOURS, 2.2), line("75 %", null, 0), line("95 %", thin, 1),
        line("written 5 %", WRITTEN, 1, [2, 3]), line("written median", WRITTEN, 1.8, [6, 4]), line("written 95 %", WRITTEN, 1, [2, 3])],
      bands: [{ series: [5, 1], fill: "rgba(0,114,178,.13)" }, { series: [4, 2], fill: "rgba(0,114,178,.24)" }],
      hooks: { draw: [(plot) => this.marks(plot)], setCursor: [(plot) => this.tell(plot.cursor.idx)] },
    }, data, this.frame);
    // the library sizes its canvas by style properties of the element, which a strict policy allows
  }

  extent(low, high) {
    const shown = [low, high, ...this.panel.record.map((mark) => mark.value), ...this.panel.target.map((corner) => corner[1])].filter((value) => value != null && Number.isFinite(value));
    const bottom = Math.min(0, ...shown), top = Math.max(...shown, bottom + 1e-9);
    return [bottom, top + 0.06 * (top - bottom)];
  }

  marks(plot) {
    const { ctx } = plot, ratio = devicePixelRatio || 1;
    const at = (day, value) => [plot.valToPos(this.start + day * 86400, "x", true), plot.valToPos(value, "y", true)];
    const { left, top, width, height } = plot.bbox;
    ctx.save();
    ctx.beginPath(); ctx.rect(left, top, width, height); ctx.clip();
    if (this.panel.target.length) {
      ctx.strokeStyle = "#b45309"; ctx.lineWidth = 1.2 * ratio; ctx.setLineDash([ratio, 3 * ratio]);
      ctx.beginPath();
      this.panel.target.forEach(([day, value], place) => ctx[place ? "lineTo" : "moveTo"](...at(day, value)));
      ctx.stroke(); ctx.setLineDash([]);
    }
    ctx.restore();
    const definitions = [...new Set(this.panel.record.map((mark) => mark.definition))];
    ctx.save(); ctx.strokeStyle = BLACK; ctx.lineWidth = 1.1 * ratio;
    for (const mark of this.panel.record) {
      const [x, y] = at(mark.day, mark.value), size = 3 * ratio;
      if (mark.to > mark.from) {
        ctx.beginPath(); ctx.moveTo(at(mark.from, mark.value)[0], y); ctx.lineTo(at(mark.to, mark.value)[0], y); ctx.stroke();
      }
      ctx.beginPath();
      if (definitions.indexOf(mark.definition) % 2) ctx.rect(x - size, y - size, 2 * size, 2 * size);
      else ctx.arc(x, y, size, 0, 2 * Math.PI);
      ctx.fillStyle = definitions.indexOf(mark.definition) > 0 ? "#fff" : BLACK;
      ctx.fill(); ctx.stroke();
    }
    ctx.restore();
  }

  at(place) {
    const { fan } = this, date = dateOf(new Date(this.start * 1000).toISOString(), fan.days[place]);
    return { date, low: fan.yours[0][place], middle: fan.yours[2][place], high: fan.yours[4][place], written: fan.written[2][place], running: fan.yours_running[place] };
  }

  tell(place) {
    if (place == null || !this.fan) return;
    const now = this.at(place);
    const written = this.changed && now.written != null ? `; as written, median ${shortNumber(now.written)}` : "";
    this.readout.textContent = now.middle == null ? `${now.date}: no world is still going on`
      : `${now.date}: median ${shortNumber(now.middle)}, nine worlds of ten between ${shortNumber(now.low)} and ${shortNumber(now.high)}${written}; ${now.running} worlds still going on`;
  }

  step(event) {
    const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: 20, PageDown: -20, Home: -1e9, End: 1e9 }[event.key];
    if (!move || !this.plot) return;
    event.preventDefault();
    const last = this.fan.days.length - 1, place = Math.max(0, Math.min(last, (this.plot.cursor.idx ?? 0) + move));
    this.plot.setCursor({ left: this.plot.valToPos(this.plot.data[0][place], "x"), top: 10 });
    this.tell(place);
  }

  describe() {
    const last = this.fan.days.length - 1, { panel } = this;
    const shown = [...Array(9)].map((_, i) => Math.round((i * last) / 8)).map((place) => this.at(place));
    const recorded = panel.record.length ? ` ${panel.record.length} marks of what really happened.` : "";
    this.frame.setAttribute("aria-label", `${panel.title}, ${panel.unit}: fan over time. ${panel.target_label ? `Dotted: ${panel.target_label}.` : ""}${recorded} Arrow keys move along the dates; the table below has the numbers.`);
    this.readout.textContent = `Over the worlds still going on: ${this.fan.yours_running[0]} at first, ${this.fan.yours_running[last]} on the last day.`;
    this.numbers.replaceChildren(make("table", {}, make("caption", {}, `${panel.title}, ${panel.unit}`),
      make("thead", {}, make("tr", {}, ...["date", "5 %", "median", "95 %", "median as written", "worlds going on"].map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, ...shown.map((now) => make("tr", {}, make("th", { scope: "row" }, now.date),
        ...[now.low, now.middle, now.high, now.written, now.running].map((value) => make("td", { class: "number" }, shortNumber(value))))))));
  }
}

export function fanKey(panel, changed, words = WORDS) {
  const definitions = [...new Set(panel.record.map((mark) => mark.definition))];
  return make("p", { class: "legend" },
    make("span", { class: "key" }, make("i", { class: "swatch median" }), changed ? `${words.yours}: median, and half and nine tenths of the worlds still going on` : "median, and half and nine tenths of the worlds still going on"),
    changed ? make("span", { class: "key" }, make("i", { class: "swatch dashed" }), `${words.written}: median and nine tenths`) : null,
    panel.target.length ? make("span", { class: "key" }, make("i", { class: "swatch dotted" }), panel.target_label) : null,
    ...definitions.map((definition, place) => make("span", { class: "key" }, make("i", { class: `swatch mark${place % 2 ? " square" : ""}${place ? " hollow" : ""}` }), definition || "recorded")));
}

// --- worlds ----------------------------------------------------------------------------------------------------------
function outcomeColour(outcomes, name) {
  const one = outcomes.find((outcome) => outcome.name === name), alike = outcomes.filter((outcome) => outcome.role === one?.role);
  const colours = ENDS[one?.role] ?? ["#3b3b3b"];
  return colours[Math.max(0, alike.indexOf(one)) % colours.length];
}

export function drawStrip(element, answer, scenario, open, chosen) {
  const rows = answer.worlds.map((world) => {
    const changed = answer.changed && (world.outcome !== world.written.outcome || Math.abs(world.day - world.written.day) >= 1);
    const was = changed ? `, as written: ${world.written.label} on ${world.written.date}` : "";
    const name = `World ${world.world + 1}: ${world.label} on ${world.date}${was}`;
    const across = (day) => `${Math.min(100, (100 * day) / scenario.horizon).toFixed(2)}%`;
    return make("li", {}, make("button", {
      type: "button", class: "world", "data-world": world.world, "aria-label": name, title: name, "aria-pressed": String(world.world === chosen), onclick: () => open(world.world),
    },
      make("span", { class: "ordinal" }, String(world.world + 1)),
      make("span", { class: "lane" },
        make("span", { class: "life", style: { width: across(world.day), background: outcomeColour(scenario.outcomes, world.outcome) } }),
        world.talks != null ? make("span", { class: "talks", style: { left: across(world.talks) } }) : null,
        changed ? make("span", { class: "waslife", style: { left: across(world.written.day) } }) : null),
      make("span", { class: "end" }, world.label, changed ? make("small", {}, world.outcome !== world.written.outcome ? ` was ${world.written.label}` : " other date") : null)));
  });
  element.replaceChildren(
    make("p", { class: "legend" }, make("span", { class: "key" }, make("i", { class: "swatch talksmark" }), "talks begin"),
      answer.changed ? make("span", { class: "key" }, make("i", { class: "swatch wasmark" }), "where it ended as written") : null,
      "The bar ends when the world does; its colour is the end, named beside it."),
    make("ol", { class: "worlds" }, ...rows));
}

// A ribbon: a track for each actor with the moves that stood, and a dot for each decision.
export class Ribbon {
  constructor(world, { select, label, trunk = null, end = null }) {
    Object.assign(this, { world, select, label, trunk });
    this.end = end ?? world.end;
    this.element = make("div", { class: "ribbon" });
    this.chosen = null;
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.element);
  }

  draw() {
    const width = this.element.clientWidth;
    if (!width || width === this.width) return;
    this.width = width;
    const { world } = this, focused = document.activeElement?.dataset?.actor;
    const right = 8, track = 46, top = 18, height = top + track * world.actors.length + 20;
    const x = (day) => (day / Math.max(this.end, 1)) * (width - right);
    const svg = make("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": this.label });
    const years = [];
    const first = new Date(Date.parse(world.start));
    const months = this.end > 1500 ? 12 : this.end > 700 ? 6 : this.end > 250 ? 3 : 1;
    for (const when = new Date(Date.UTC(first.getUTCFullYear(), 0, 1)); ; when.setUTCMonth(when.getUTCMonth() + months)) {
      const day = (when - first) / DAY;
      if (day > this.end) break;
      if (day >= 0) years.push([day, when.toISOString().slice(0, months === 12 ? 4 : 7)]);
    }
    let lastLabel = -100;
    for (const [day, text] of years) {
      svg.append(make("line", { x1: x(day), x2: x(day), y1: top - 4, y2: height - 18, stroke: "#e5e7eb" }));
      if (x(day) - lastLabel > 52 && x(day) < width - 45) {
        svg.append(make("text", { x: x(day) + 2, y: height - 5, class: "tick" }, text));
        lastLabel = x(day);
      }
    }
    if (this.trunk != null) svg.append(make("rect", { x: 0, y: top - 4, width: x(this.trunk), height: height - top - 12, class: "trunk" }));
    world.actors.forEach((actor, row) => svg.append(this.track(actor, row, x, top + row * track)));
    for (const mark of world.marks.filter((one) => one.kind !== "milestone")) {
      svg.append(make("line", { x1: x(mark.day), x2: x(mark.day), y1: top - 6, y2: height - 18, class: `mark ${mark.kind}` }, make("title", {}, mark.label)));
      const near = x(mark.day) > width - 120;
      svg.append(make("text", { x: x(mark.day) + (near ? -3 : 3), y: 10, class: "marklabel", "text-anchor": near ? "end" : "start" }, mark.kind === "outcome" ? mark.label : mark.kind === "talks_opened" ? "talks" : ""));
    }
    this.element.replaceChildren(svg);
    if (focused != null) this.element.querySelector(`[data-actor="${focused}"]`)?.focus();
  }

  track(actor, row, x, y) {
    const names = Object.keys(actor.moves);
    const group = make("g", {});
    group.append(make("text", { x: 0, y: y + 11, class: "actor" }, actor.label));
    for (const [begin, until, move] of actor.spans) {
      const from = x(begin), length = Math.max(x(until) - from, 0.5);
      group.append(make("rect", { x: from, y: y + 15, width: length, height: 16, fill: PALETTE[names.indexOf(move) % PALETTE.length], class: "span" },
        make("title", {}, `${actor.moves[move]}, ${dateOf(this.world.start, begin)} to ${dateOf(this.world.start, until)}`)));
      if (length > 6.2 * actor.moves[move].length + 8) group.append(make("text", { x: from + 4, y: y + 27, class: "move" }, actor.moves[move]));
    }
    const decisions = actor.decisions;
    if (!decisions.length) return group;
    const dots = make("g", {
      tabindex: 0, role: "slider", "data-actor": row, "aria-label": `Decisions of ${actor.label}`, "aria-valuemin": 1, "aria-valuemax": decisions.length,
      "aria-valuenow": 1, onkeydown: (event) => keys(event), onfocus: () => point(place),
    });
    let place = 0;
    const { world } = this;
    const circles = decisions.map((decision, number) => make("circle", {
      cx: x(decision.day), cy: y + 37, r: decision.turned ? 3.4 : 2.2, class: `decision${decision.turned ? " turned" : ""}${decision.probability != null && decision.probability < 0.5 ? " rare" : ""}`,
      onclick: () => { point(number); this.select(decision.day); },
    }, make("title", {}, sentence(decision))));
    const cursor = make("rect", { x: -20, y: y + 32, width: 9, height: 10, class: "cursor" });
    const point = (number) => {
      place = number;
      cursor.setAttribute("x", x(decisions[place].day) - 4.5);
      dots.setAttribute("aria-valuenow", place + 1);
      dots.setAttribute("aria-valuetext", sentence(decisions[place]));
    };
    function sentence(decision) {
      const chance = decision.probability == null ? "" : `, probability ${decision.probability.toFixed(2)}`;
      return `${dateOf(world.start, decision.day)}: ${decision.turned ? "turns to" : "stays with"} ${actor.moves[decision.chosen]}${chance}`;
    }
    const keys = (event) => {
      const last = decisions.length - 1;
      const turn = { ArrowLeft: place - 1, ArrowDown: place - 1, ArrowRight: place + 1, ArrowUp: place + 1, Home: 0, End: last, PageUp: place + 10, PageDown: place - 10 }[event.key];
      if (turn != null) { event.preventDefault(); point(Math.max(0, Math.min(last, turn))); }
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); this.select(decisions[place].day); }
    };
    dots.setAttribute("aria-valuetext", sentence(decisions[0]));
    dots.append(cursor, ...circles);
    group.append(dots);
    return group;
  }
}

function turningPoints(world, select) {
  return make("ol", { class: "turning" }, ...world.turning_points.map((point) => make("li", {},
    select ? make("button", { type: "button", class: "date", title: `Why on ${point.date}?`, onclick: () => select(point.day) }, point.date) : make("b", {}, point.date),
    ` ${capital(point.text)}`)));
}

export function drawWhy(element, told, fork) {
  const parts = [make("h4", {}, `Why: ${told.date}`)];
  for (const came of told.came) parts.push(make("p", {}, make("b", {}, `${came.text}. `), came.why));
  if (told.note) parts.push(make("p", { class: "muted" }, told.note));
  for (const decision of told.decisions) {
    const widest = Math.max(...decision.tipped_by.map((term) => Math.abs(term.difference)), 1e-9);
    parts.push(make("h5", {}, decision.heading), make("p", { class: "why" }, decision.why));
    if (decision.tipped_by.length) {
      parts.push(make("table", { class: "tipped" },
        make("caption", {}, `What tipped it: ${decision.chosen} against ${decision.against} (util)`),
        make("tbody", {}, ...decision.tipped_by.map((term) => make("tr", {},
          make("th", { scope: "row", title: term.meaning }, term.label),
          make("td", { class: "drawn", "aria-hidden": "true" }, make("div", { class: "tip" }, make("div", {
            class: term.difference < 0 ? "against" : "for",
            style: { width: `${(50 * Math.abs(term.difference)) / widest}%`, left: term.difference < 0 ? `${50 - (50 * Math.abs(term.difference)) / widest}%` : "50%" },
          }))),
          make("td", { class: "number" }, signed(term.difference, 3)))))));
    }
    if (decision.moves.length > 1) {
      parts.push(make("table", { class: "moves" },
        make("thead", {}, make("tr", {}, ...["move", "probability", "value (util)", ""].map((head, i) => make("th", { scope: "col", class: i === 1 || i === 2 ? "number" : "" }, head)))),
        make("tbody", {}, ...decision.moves.map((move) => make("tr", { class: move.chosen ? "chosen" : "" },
          make("th", { scope: "row" }, move.label, move.chosen ? make("small", {}, " chosen") : null),
          make("td", { class: "number" }, move.legal ? move.probability.toFixed(3) : "–"),
          make("td", { class: "number" }, move.legal && move.value != null ? signed(move.value, 3) : "–"),
          make("td", {}, move.chosen ? null : move.legal && fork
            ? make("button", { type: "button", class: "fork", "aria-label": `What if ${move.label} on ${told.date}?`, onclick: () => fork(decision.day, decision.actor, move.move) }, "what if?")
            : make("small", { class: "muted" }, move.legal ? "" : `not legal: ${move.why_not}`)))))));
    }
    parts.push(make("details", {}, make("summary", {}, "How it was decided"), make("ul", {}, ...decision.details.map((line) => make("li", {}, line)))));
  }
  parts.push(make("details", {}, make("summary", {}, `Standing at the end of ${told.date}`), make("ul", {}, ...told.standing.map((line) => make("li", {}, line)))));
  element.replaceChildren(...parts);
}

// --- the page --------------------------------------------------------------------------------------------------------
// `host.ask(kind, numbers)` returns a promise of data; `host.live` says whether anything can be asked at all.
export async function mount(element, host) {
  element.classList.add("sim-explorer");
  const page = new Page(element, host);
  await page.open();
  return page;
}

class Page {
  constructor(element, host) {
    this.element = element; this.host = host;
    this.answer = null; this.busy = false; this.wanted = null; this.timer = null; this.chosen = null;
    this.panel = 0;
  }

  async open() {
    this.scenario = await this.host.ask("opening", {});
    this.values = this.host.values?.(this.scenario.sliders) ?? this.scenario.sliders.map((slider) => slider.value);
    this.lay();
    if (this.host.live) this.request(this.scenario.first_runs);
    else this.show(await this.host.ask("answer", {}));
  }

  lay() {
    const { scenario, host } = this;
    const part = (name, heading, ...children) => make("section", { class: name, "aria-label": heading }, make("h3", {}, heading), ...children);
    this.sentence = make("p", { class: "finding", role: "status", "aria-live": "polite" }, "Running the first worlds …");
    this.state = make("p", { class: "state", role: "status" });
    this.full = make("div", { class: "infull" });
    this.bars = make("div"); this.card = make("div"); this.strip = make("div"); this.world = make("div", { class: "worldview" });
    this.keyed = make("div");
    const fanFrame = make("div");
    this.fan = scenario.panels.length ? new Fan(fanFrame, scenario.start) : null;
    const choice = make("select", { "aria-label": "Series of the fan", onchange: (event) => { this.panel = event.target.selectedIndex; host.live ? this.request(this.answer?.runs ?? scenario.first_runs) : this.showFan(); } },
      ...scenario.panels.map((panel) => make("option", {}, panel.title)));
    const moreDetails = make("details", { class: "full", ontoggle: (event) => event.target.open && this.tellFull() }, make("summary", {}, "Every difference in words, as sim.compare says it"), this.full);
    const blocks = make("div", { class: "results" },
      part("outcomes", "What happens", this.bars, host.live ? moreDetails : null),
      scenario.panels.length ? part("overtime", "Over time", choice, this.keyed, fanFrame) : null,
      part("strip", host.live ? "Twenty of these worlds: open one" : "Some of these worlds: open one", this.strip, this.world));
    const left = make("div", { class: "deal" },
      host.live ? make("section", { class: "sliders", "aria-label": "Change the deal" }, make("h3", {}, "Change the deal"), this.sliders(), this.actions()) : null,
      host.live ? part("promises", "The deal", this.card) : null);
    const header = host.live ? make("header", {}, make("h1", {}, scenario.title), this.sentence, this.state) : make("p", { class: "muted" }, this.state);
    this.element.replaceChildren(header, make("div", { class: "columns" }, host.live ? left : null, blocks));
    drawCard(this.card, scenario.card, null);
  }

  sliders() {
    const form = make("form", { onsubmit: (event) => event.preventDefault() });
    this.controls = this.scenario.sliders.map((slider, place) => {
      const id = `slider-${slider.name}`;
      const changed = (value) => this.move(place, value);
      const reset = make("button", { type: "button", class: "reset", hidden: true, "aria-label": `${slider.label}: back to ${slider.switch ? (slider.value ? "on" : "off") : slider.value}`, onclick: () => { changed(slider.value); } }, "reset");
      if (slider.switch) {
        const box = make("input", { type: "checkbox", id, onchange: (event) => changed(event.target.checked ? 1 : 0) });
        form.append(make("div", { class: "slider switch" }, box, make("label", { for: id, title: slider.note }, capital(slider.label)), reset));
        return { set: (value) => { box.checked = value >= 0.5; reset.hidden = value === slider.value; } };
      }
      const unit = slider.unit ? make("small", {}, ` ${slider.unit}`) : null;
      const range = make("input", { type: "range", id, min: slider.low, max: slider.high, step: "any", "aria-valuetext": "", oninput: (event) => changed(this.snap(slider, +event.target.value)), onkeydown: (event) => {
        const turn = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10 }[event.key];
        if (turn) { event.preventDefault(); changed(this.snap(slider, this.values[place] + turn * slider.step)); }
      } });
      const exact = make("input", { type: "number", min: slider.low, max: slider.high, step: "any", "aria-label": `${slider.label}, exact`, onchange: (event) => {
        const value = +event.target.value;
        if (event.target.value === "" || !Number.isFinite(value)) this.controls[place].set(this.values[place]);
        else changed(Math.min(slider.high, Math.max(slider.low, value)));
      } });
      const mark = make("span", { class: "written", "aria-hidden": "true", style: { left: `calc(8px + (100% - 16px) * ${(slider.value - slider.low) / (slider.high - slider.low)})` } });
      form.append(make("div", { class: "slider" }, make("label", { for: id, title: slider.note }, capital(slider.label), unit), exact,
        make("span", { class: "rail" }, range, mark), reset));
      return { set: (value) => {
        range.value = value; exact.value = +value.toPrecision(10); reset.hidden = value === slider.value;
        range.setAttribute("aria-valuetext", `${+value.toPrecision(6)} ${slider.unit}; as written ${slider.value}`);
      } };
    });
    this.controls.forEach((control, place) => control.set(this.values[place]));
    return form;
  }

  snap(slider, value) {
    if (Math.abs(value - slider.value) < slider.step / 2) return slider.value; // the deal as written lies on no grid
    const snapped = slider.low + Math.round((value - slider.low) / slider.step) * slider.step;
    return Math.min(slider.high, Math.max(slider.low, +snapped.toPrecision(10)));
  }

  actions() {
    const button = (label, title, action) => make("button", { type: "button", title, onclick: () => action().catch((error) => this.say(error.message)) }, label);
    return make("div", { class: "actions" },
      button("All as written", "Every slider back to the scenario's own number", async () => { this.values = this.scenario.sliders.map((slider) => slider.value); this.controls.forEach((control, place) => control.set(this.values[place])); this.request(this.scenario.first_runs); }),
      button("Save as scenario file", "An overlay in YAML that sim run, sim compare and sim explore read", async () => save("changed_deal.yaml", (await this.host.ask("overlay", { values: this.values })).text)),
      button("Copy as Python", "The lines that make the same comparison", async () => this.copy((await this.host.ask("python", { values: this.values, runs: this.answer?.runs ?? this.scenario.first_runs })).text)),
      this.scenario.reports ? button("Report", "One HTML file to send, with this comparison", async () => { this.say("Writing the report …"); const made = await this.host.ask("report", { values: this.values, runs: this.scenario.full_runs }); save("report.html", made.text, "text/html"); this.say("The report is saved."); }) : null);
  }

  async copy(text) {
    try { await navigator.clipboard.writeText(text); this.say("Copied."); } catch { this.say("The browser does not allow copying; here it is to select."); }
    this.element.querySelector(".copied")?.remove();
    this.element.querySelector(".actions").append(make("pre", { class: "copied", tabindex: 0 }, text));
  }

  say(text) { this.state.textContent = text; }

  move(place, value) {
    this.values[place] = value;
    this.controls[place].set(value);
    this.host.remember?.(this.values);
    this.request(this.scenario.first_runs);
  }

  // One question at a time; of those that come meanwhile the newest alone is asked.
  async request(runs) {
    clearTimeout(this.timer);
    this.wanted = { values: [...this.values], runs, panel: this.panel };
    if (this.busy) return;
    this.busy = true;
    while (this.wanted) {
      const asked = this.wanted;
      this.wanted = null;
      this.element.setAttribute("aria-busy", "true");
      try {
        const answer = await this.host.ask("answer", asked);
        if (!this.wanted || this.wanted.runs <= asked.runs) this.show(answer);
      } catch (error) {
        if (!this.wanted) { this.sentence.textContent = error.message; this.sentence.classList.add("wrong"); }
      }
    }
    this.busy = false;
    this.element.removeAttribute("aria-busy");
    if (this.answer && this.answer.runs < this.scenario.full_runs) this.timer = setTimeout(() => this.request(this.scenario.full_runs), IDLE);
  }

  show(answer) {
    this.answer = answer;
    this.sentence.classList.remove("wrong");
    this.sentence.textContent = answer.finding;
    const more = this.host.live && answer.runs < this.scenario.full_runs ? `; refining to ${this.scenario.full_runs}` : "";
    this.say(`${answer.runs.toLocaleString("en")} worlds of each deal on the same luck, seed ${this.scenario.seed}, ${this.scenario.start} to ${this.scenario.until}${more}.`);
    this.element.dataset.runs = answer.runs;
    this.element.dataset.values = answer.values?.join(",") ?? "";
    drawBars(this.bars, answer, this.scenario.words);
    drawCard(this.card, this.scenario.card, answer);
    this.showFan();
    drawStrip(this.strip, answer, this.scenario, (world) => this.openWorld(world), this.chosen);
    if (this.element.querySelector("details.full")?.open) this.tellFull();
    if (this.stale && this.chosen != null && answer.runs > this.scenario.first_runs) this.openWorld(this.chosen);
    const open = this.world.dataset.values;
    this.stale = open != null && open !== this.element.dataset.values;
    this.world.classList.toggle("stale", this.stale);
  }

  showFan() {
    if (!this.fan || !this.answer) return;
    const fan = this.answer.fans ? this.answer.fans[this.panel] : this.answer.fan;
    const panel = this.scenario.panels[this.answer.fans ? this.panel : this.answer.panel];
    this.keyed.replaceChildren(fanKey(panel, this.answer.changed, this.scenario.words));
    this.fan.draw(panel, fan, this.answer.changed);
  }

  async tellFull() {
    const told = await this.host.ask("full", { values: this.values, runs: this.answer.runs });
    this.full.replaceChildren(...told.sentences.map((line) => make("p", {}, line)));
  }

  async openWorld(number) {
    this.chosen = number; this.stale = false;
    const values = [...this.values];
    for (const button of this.strip.querySelectorAll("button.world")) button.setAttribute("aria-pressed", String(+button.dataset.world === number));
    this.world.dataset.values = values.join(",");
    this.world.classList.remove("stale");
    let world;
    try { world = await this.host.ask("world", { values, world: number }); } catch (error) { this.say(error.message); return; }
    const why = make("div", { class: "whyview", "aria-live": "polite" }), forked = make("div", { class: "forkview" });
    const explain = this.host.live ? async (day, fork) => {
      why.replaceChildren(make("p", { class: "muted" }, "Asking why …"));
      try { drawWhy(why, await this.host.ask("why", { values, world: number, day: Math.floor(day), ...(fork ? { fork } : {}) }), fork ? null : branch); } catch (error) { why.replaceChildren(make("p", {}, error.message)); }
    } : null;
    const branch = async (day, actor, move) => {
      forked.replaceChildren(make("p", { class: "muted" }, "Going on from there …"));
      const fork = [day, actor, move];
      try {
        const two = await this.host.ask("fork", { values, world: number, fork });
        const end = Math.max(two.world.end, two.fork.end), actorName = two.fork.actors[actor].label, moveName = Object.values(two.fork.actors[actor].moves)[move];
        const after = two.fork.turning_points.filter((point) => point.day >= two.day);
        const pair = [new Ribbon(two.world, { select: (at) => explain(at), label: "As it was", trunk: day, end }), new Ribbon(two.fork, { select: (at) => explain(at, at >= day ? fork : null), label: "What if", trunk: day, end })];
        forked.replaceChildren(make("h4", {}, `What if: ${actorName}, ${moveName} on ${two.date}`), make("p", { class: "forked" }, two.sentence),
          ...two.fork.notes.map((note) => make("p", { class: "muted" }, note)),
          make("h5", {}, "As it was"), pair[0].element, make("h5", {}, "What if (shaded: the past they share)"), pair[1].element,
          make("h5", {}, "What turned it from there"), turningPoints({ turning_points: after }, (at) => explain(at, fork)));
        forked.scrollIntoView({ block: "nearest" });
      } catch (error) { forked.replaceChildren(make("p", {}, error.message)); }
    };
    const ribbon = new Ribbon(world, { select: explain ?? (() => {}), label: `World ${number + 1}: moves and decisions of each actor` });
    const hint = this.host.live ? "A bar is the move that stood; a dot is a decision (large: a turn; orange: it was the less likely). Click a dot or a date to read why; from there, ask what if." : "A bar is the move that stood; a dot is a decision (large: a turn; orange: it was the less likely).";
    this.world.replaceChildren(make("h4", {}, `World ${number + 1}: ${world.ended}`), make("p", { class: "legend" }, hint), ribbon.element,
      make("div", { class: "toldcolumns" }, make("div", {}, make("h5", {}, "What turned it"), turningPoints(world, explain)), why), forked);
    this.world.scrollIntoView({ block: "nearest" });
  }
}

function save(name, text, kind = "text/yaml") {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type: kind })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// --- hosts -----------------------------------------------------------------------------------------------------------
function server() {
  return {
    live: true,
    async ask(kind, numbers) {
      const response = await fetch(`ask/${kind}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(numbers) })
        .catch(() => { throw new Error("The explorer was closed: start sim explore again."); });
      const data = await response.json();
      if (!response.ok) throw new Error(data.error);
      return data;
    },
    values(sliders) {
      const kept = location.hash.slice(1).split(",").map(Number);
      const fits = kept.length === sliders.length && location.hash.length > 1 && sliders.every((slider, place) => kept[place] >= slider.low && kept[place] <= slider.high);
      return fits ? kept : null;
    },
    remember(values) { history.replaceState(null, "", `#${values.join(",")}`); },
  };
}

function notebook(model) {
  const waiting = new Map();
  let last = 0;
  model.on("msg:custom", (message) => {
    const [done, fail] = waiting.get(message.number) ?? [];
    waiting.delete(message.number);
    message.error ? fail?.(new Error(message.error)) : done?.(message.data);
  });
  return {
    live: true,
    ask: (kind, numbers) => new Promise((done, fail) => {
      waiting.set(++last, [done, fail]);
      model.send({ number: last, kind, numbers });
    }),
  };
}

function still(data) {
  return {
    live: false,
    async ask(kind, numbers) { return kind === "world" ? data.worlds[numbers.world] : data[kind]; },
  };
}

export default { render({ model, el }) { mount(el, notebook(model)); } };

const there = document.querySelector("main[data-explorer]");
if (there) {
  const kept = document.getElementById(there.dataset.explorer);
  mount(there, kept ? still(JSON.parse(kept.textContent)) : server());
}
