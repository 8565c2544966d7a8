// Turns every explorer of the page that is not one yet into a working one. Each lives in a shadow tree of its own and shares nothing with the page.
(function () {
  "use strict";

  const dim = 0.35; // what is left of the brightness of a patch that left, as in the still overlay
  const onlyFirst = [0, 114, 178], onlySecond = [230, 159, 0]; // blue and orange differ for every kind of colour vision; hatches differ, too

  for (const host of document.querySelectorAll("div.prune-explorer")) {
    if (host.shadowRoot) continue;
    const picture = host.querySelector("img");
    explorer(host, JSON.parse(host.querySelector("script[type='application/json']").textContent), picture);
  }

  function explorer(host, data, picture) {
    const tokens = data.rows * data.columns;
    const paths = data.paths.map(prepared);
    const lastMoment = data.moments.length - 1;
    // budget: null while tokens are shown as they ran; patch: the token that is pointed at, or -1.
    const state = { moment: lastMoment, budget: null, shown: paths.length > 1 ? [0, 1] : [0], patch: -1, scores: false };

    const root = host.attachShadow({ mode: "open" });
    root.append(element("style", {}, data.style));
    const paper = element("div", { className: "paper" });
    root.append(paper);
    host.addEventListener("keydown", event => event.stopPropagation()); // keys are shortcuts of the notebook otherwise

    const choices = paths.length > 2 ? [0, 1].map(methodChoice) : [];
    if (choices.length > 0) paper.append(row("compare", choices[0], "with", choices[1]));
    const panes = element("div", { className: "panes" });
    paper.append(panes);
    const pictures = state.shown.map(() => pane());
    const difference = state.shown.length > 1 ? pane() : null;
    const legend = element("div", { className: "legend" });
    if (difference) difference.figure.append(legend);

    const moment = slider("where on the way from picture to answer", 0, lastMoment);
    const earlier = button("◀", "one step back", () => step(-1)), later = button("▶", "one step on", () => step(1));
    const where = element("output");
    paper.append(row("step", earlier, moment, later, where));

    const budget = slider("how many tokens stay", 1, tokens);
    const asRun = button("as it ran", "as it ran: show the tokens that stayed in the run", () => { state.budget = null; update(); });
    const amount = element("output");
    paper.append(row("budget", budget, asRun, amount));

    const colours = element("input", { type: "checkbox" });
    const coloursLabel = element("label", {}, colours, "scores as colours");
    const scale = element("span", { className: "pale" });
    if (paths.some(path => path.steps.some(s => s.scores))) paper.append(row("", coloursLabel, scale));
    const note = element("p", { className: "note pale" });
    const info = element("p", { className: "info" });
    info.setAttribute("aria-live", "polite");
    paper.append(note, info);

    moment.addEventListener("input", () => { state.moment = Number(moment.value); state.budget = null; update(); });
    budget.addEventListener("input", () => { state.budget = Number(budget.value); update(); });
    colours.addEventListener("change", () => { state.scores = colours.checked; update(); });
    const ready = picture.complete && picture.naturalWidth > 0 ? Promise.resolve() : picture.decode();
    ready.then(update, update);

    // The model: who is where.

    function prepared(path) {
      const steps = path.steps.map(s => {
        if (!s.scores) return { ...s, order: null };
        const scores = s.scores.map(Number); // "NaN" and "Infinity" are texts in JSON
        const value = token => Number.isNaN(scores[token]) ? -Infinity : scores[token];
        return { ...s, scores, value };
      });
      const result = { ...path, steps };
      steps.forEach((s, number) => {
        if (!s.scores) return;
        s.order = arrived(result, number).sort((a, b) => s.value(b) - s.value(a) || a - b); // ties: the first token stays
        s.rank = new Map(s.order.map((token, i) => [token, i + 1]));
      });
      return result;
    }

    function arrived(path, number) {
      return all().filter(token => path.left[token] < 0 || path.left[token] >= number);
    }

    function all() { return Array.from({ length: tokens }, (_, token) => token); }

    // The step that the budget and the scores are about: the last one that is over, or the first if none is.
    function stepOf(path) { return path.steps[Math.max(0, path.done[state.moment] - 1)]; }

    function stay(path) {
      const s = stepOf(path);
      if (state.budget !== null && s && s.order) return new Set(s.order.slice(0, state.budget));
      return new Set(asItRan(path));
    }

    function asItRan(path) { return arrived(path, path.done[state.moment]); }

    function keptBy(path) { return arrived(path, Math.max(1, path.done[state.moment])); }

    function step(by) {
      state.moment = Math.min(lastMoment, Math.max(0, state.moment + by));
      state.budget = null;
      update();
    }

    // The view.

    function update() {
      const shown = state.shown.map(number => paths[number]);
      const staying = shown.map(stay);
      pictures.forEach((p, i) => {
        const s = stepOf(shown[i]), range = s && s.scores ? scoreRange(s) : null;
        const tint = state.scores && range
          ? token => s.rank.has(token) && Number.isFinite(s.scores[token]) ? colourOf((s.scores[token] - range[0]) / (range[1] - range[0] || 1)) : null
          : () => null;
        paint(p.canvas, token => ({ group: staying[i].has(token) ? 1 : 0, bright: staying[i].has(token), tint: tint(token), part: 0.72 }));
        caption(p, shown[i].name, `${staying[i].size} / ${tokens}`);
      });
      if (difference) compare(staying, shown);
      controls(shown, staying);
      describe(shown, staying);
    }

    function compare([a, b], [first, second]) {
      const group = token => (a.has(token) ? 1 : 0) + (b.has(token) ? 2 : 0);
      paint(difference.canvas, token => {
        const g = group(token);
        return { group: g, bright: g > 0, tint: g === 1 ? onlyFirst : g === 2 ? onlySecond : null, part: 0.6, hatch: g === 1 ? 1 : g === 2 ? -1 : 0 };
      });
      const counts = [0, 0, 0, 0];
      all().forEach(token => counts[group(token)]++);
      const either = tokens - counts[0];
      caption(difference, "what differs", either ? `${Math.round(100 * counts[3] / either)} % shared` : "");
      legend.replaceChildren(
        key("#fff", `both ${counts[3]}`), key(hatched(onlyFirst, "-45deg"), `only ${first.name} ${counts[1]}`),
        key(hatched(onlySecond, "45deg"), `only ${second.name} ${counts[2]}`), key("#444", `neither ${counts[0]}`));
    }

    function controls(shown, staying) {
      moment.value = state.moment;
      where.textContent = data.moments[state.moment];
      moment.setAttribute("aria-valuetext", data.moments[state.moment]);
      earlier.disabled = state.moment === 0;
      later.disabled = state.moment === lastMoment;
      const ranked = shown.filter(path => stepOf(path)?.order);
      budget.disabled = ranked.length === 0;
      budget.max = Math.max(1, ...ranked.map(path => stepOf(path).order.length));
      budget.value = state.budget ?? (ranked.length > 0 ? stay(ranked[0]).size : staying[0].size);
      asRun.disabled = state.budget === null;
      const count = state.budget ?? Number(budget.value);
      amount.textContent = ranked.length === 0 ? "fixed" : state.budget === null ? `as it ran: ${staying.map(set => set.size).join(" and ")}` : `${count} tokens (${percent(count / tokens)})`;
      budget.setAttribute("aria-valuetext", `${count} tokens`);
      coloursLabel.style.visibility = ranked.length > 0 ? "" : "hidden";
      scale.textContent = state.scores ? ranked.map(path => scaleText(path)).join("; ") : "";
      note.textContent = shown.map(path => remark(path)).filter(text => text).join("\n");
      choices.forEach((choice, i) => choice.value = state.shown[i]);
    }

    function scaleText(path) {
      const range = scoreRange(stepOf(path));
      return `${shownName(path)}dark violet ${number(range[0])} to yellow ${number(range[1])}`;
    }

    // What a reader must know about a budget that was not run.
    function remark(path) {
      const s = stepOf(path);
      if (!s) return `${shownName(path)}No step: every token stays.`;
      if (!s.order) return `${shownName(path)}${s.by} gave no scores at ${s.at}, so what it would keep with another budget takes another run.`;
      if (state.budget === null) return "";
      const kept = new Set(keptBy(path)), top = s.order.slice(0, kept.size).filter(token => kept.has(token)).length;
      const trust = top === kept.size
        ? `The ${kept.size} that stayed in the run are the ${kept.size} with the highest scores.`
        : `Of the ${kept.size} that stayed in the run only ${top} are among the ${kept.size} highest scores: this method does not choose by score alone.`;
      return `${shownName(path)}The highest scores at ${s.at}; with another budget the method itself may choose otherwise. ${trust}`;
    }

    function describe(shown, staying) {
      const token = state.patch;
      if (token < 0) {
        info.textContent = "Point at a patch, or walk with the arrow keys: its score, its rank, where it left.";
        return;
      }
      const place = `row ${Math.floor(token / data.columns)}, column ${token % data.columns}, token ${token}`;
      const lines = shown.map((path, i) => {
        const s = stepOf(path), facts = [];
        if (s?.rank?.has(token)) facts.push(`score ${number(s.scores[token])}, rank ${s.rank.get(token)} of ${s.order.length} at ${s.at}`);
        const left = path.left[token];
        facts.push(left < 0 ? "stayed to the end" : `left at ${path.steps[left].at} (${path.steps[left].by})`);
        if (state.budget !== null && s?.order) facts.push(staying[i].has(token) ? `would stay with ${state.budget}` : `would leave with ${state.budget}`);
        return `${shownName(path)}${facts.join("; ")}`;
      });
      info.textContent = shown.length === 1 ? `${place}: ${lines[0]}` : [place, ...lines].join("\n");
    }

    function shownName(path) { return state.shown.length > 1 ? `${path.name}: ` : ""; }

    // The parts.

    function pane() {
      const canvas = element("canvas", { tabIndex: 0 });
      const longest = Math.max(picture.naturalWidth, picture.naturalHeight) || 300, side = 300;
      const scale = longest <= side ? Math.max(1, Math.floor(side / longest)) : side / longest;
      canvas.width = Math.max(1, Math.round((picture.naturalWidth || side) * scale));
      canvas.height = Math.max(1, Math.round((picture.naturalHeight || side) * scale));
      canvas.setAttribute("role", "application");
      const name = element("span"), count = element("span", { className: "count" });
      const figure = element("figure", {}, element("figcaption", {}, name, count), canvas);
      figure.style.width = `${canvas.width}px`;
      figure.style.maxWidth = "100%";
      panes.append(figure);
      canvas.addEventListener("pointermove", event => point(patchAt(canvas, event)));
      canvas.addEventListener("pointerdown", event => point(patchAt(canvas, event)));
      canvas.addEventListener("pointerleave", () => { if (root.activeElement !== canvas) point(-1); });
      canvas.addEventListener("keydown", walk);
      return { canvas, name, count, figure };
    }

    function patchAt(canvas, event) {
      const box = canvas.getBoundingClientRect();
      const part = (at, start, size, cells) => Math.min(cells - 1, Math.max(0, Math.floor((at - start) / size * cells)));
      return part(event.clientY, box.top, box.height, data.rows) * data.columns + part(event.clientX, box.left, box.width, data.columns);
    }

    function walk(event) {
      const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
      if (event.key === "Escape") return point(-1);
      if (!(event.key in moves)) return;
      event.preventDefault();
      if (state.patch < 0) return point(0);
      const [down, right] = moves[event.key], bounded = (value, cells) => Math.min(cells - 1, Math.max(0, value));
      point(bounded(Math.floor(state.patch / data.columns) + down, data.rows) * data.columns + bounded(state.patch % data.columns + right, data.columns));
    }

    function point(token) {
      if (token === state.patch) return;
      state.patch = token;
      update();
    }

    function caption(p, name, count) {
      p.name.textContent = name;
      p.count.textContent = count;
      p.canvas.setAttribute("aria-label", `${name}, ${count} tokens; ${data.rows} rows of ${data.columns} patches, the arrow keys go from one to the next`);
    }

    // Paints the picture patch by patch: bright or dimmed, tinted, with a border between groups that is white inside and black outside.
    function paint(canvas, look) {
      const { width, height } = canvas, context = canvas.getContext("2d", { willReadFrequently: true });
      context.imageSmoothingEnabled = picture.naturalWidth > width;
      context.drawImage(picture, 0, 0, width, height);
      const image = context.getImageData(0, 0, width, height), pixels = image.data;
      const looks = all().map(look), cell = (p, size, cells) => Math.floor((2 * p + 1) * cells / (2 * size));
      const rows = Array.from({ length: height }, (_, y) => cell(y, height, data.rows)), columns = Array.from({ length: width }, (_, x) => cell(x, width, data.columns));
      const lines = Math.min(height / data.rows, width / data.columns) >= 6;
      const at = (x, y) => x < 0 || y < 0 || x >= width || y >= height ? null : looks[rows[y] * data.columns + columns[x]];
      for (let y = 0, i = 0; y < height; y++) {
        for (let x = 0; x < width; x++, i += 4) {
          const own = at(x, y), grey = 0.299 * pixels[i] + 0.587 * pixels[i + 1] + 0.114 * pixels[i + 2];
          const borders = [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)].some(other => other && other.group !== own.group);
          const stripe = own.hatch && (x + own.hatch * y % 8 + 8) % 8 < 2;
          for (let c = 0; c < 3; c++) {
            let value = own.bright || own.tint ? pixels[i + c] : dim * grey;
            if (own.tint) value = own.part * own.tint[c] + (1 - own.part) * grey;
            if (stripe) value = 0.35 * value + 0.65 * 255;
            if (borders) value = own.bright ? 255 : 0;
            else if (lines && (x > 0 && columns[x] !== columns[x - 1] || y > 0 && rows[y] !== rows[y - 1])) value = 0.88 * value + 0.12 * (own.bright ? 0 : 255);
            pixels[i + c] = value;
          }
        }
      }
      context.putImageData(image, 0, 0);
      if (state.patch >= 0) frame(context, width, height);
    }

    function frame(context, width, height) {
      const row = Math.floor(state.patch / data.columns), column = state.patch % data.columns, w = width / data.columns, h = height / data.rows;
      for (const [colour, line] of [["#000", 5], ["#fff", 2]]) {
        context.strokeStyle = colour;
        context.lineWidth = line;
        context.strokeRect(column * w, row * h, w, h);
      }
    }

    function scoreRange(s) {
      const finite = s.order.map(token => s.scores[token]).filter(Number.isFinite);
      return finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [0, 0];
    }

    function colourOf(part) {
      const at = Math.min(1, Math.max(0, part)) * (data.colours.length - 1), below = Math.min(Math.floor(at), data.colours.length - 2), rest = at - below;
      return data.colours[below].map((value, c) => value * (1 - rest) + data.colours[below + 1][c] * rest);
    }

    function methodChoice(which) {
      const choice = element("select", {}, ...paths.map((path, i) => element("option", { value: i }, path.name)));
      choice.setAttribute("aria-label", which === 0 ? "first method" : "second method");
      choice.addEventListener("change", () => { state.shown[which] = Number(choice.value); state.budget = null; update(); });
      return choice;
    }

    function slider(name, min, max) {
      const range = element("input", { type: "range", min, max, step: 1 });
      range.setAttribute("aria-label", name);
      return range;
    }

    function button(text, name, act) {
      const made = element("button", { type: "button", title: name }, text);
      made.setAttribute("aria-label", name);
      made.addEventListener("click", act);
      return made;
    }

    function row(name, ...parts) {
      return element("div", { className: "row" }, element("span", { className: "name" }, name), ...parts);
    }

    function key(colour, text) {
      const swatch = element("i");
      swatch.style.background = colour;
      return element("span", {}, swatch, text);
    }

    function hatched(colour, angle) {
      return `repeating-linear-gradient(${angle}, rgb(${colour}) 0 4px, #fff 4px 6px)`;
    }
  }

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function percent(part) { return `${number(100 * part)} %`; }

  function number(value) {
    if (!Number.isFinite(value)) return `${value}`;
    return Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(3))}`;
  }
})();
