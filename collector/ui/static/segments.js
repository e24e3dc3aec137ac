// How is a segment built with fields? From the JSON of the textarea, which stays what is saved: each change of a field
// is written there, and a moment later the server says how it reads, who would be in it, and what is still missing.
//
// Which fields a condition has comes from the server (`ui/segments/fields.py`). Without this file the textarea and the
// button beside it do the same.

const WAIT_MS = 300;
const PAUSE_MS = 700;
const form = document.querySelector("[data-building]");
const text = form.elements.where;
const box = form.querySelector("[data-fields]");
const undone = form.querySelector("[data-undo]");
const carried = new Map(); // category/key → promise of what such events carry
const typed = new WeakMap(); // a test → the type that was chosen for its value, while there is none
const SIZES = ["more", "at_least", "less", "at_most"];
const NO_VALUE = ["exists", "missing"];
const DAYS = ["on", "before", "after"];
const RELATIVE = ["in_last", "in_next", "anniversary"];
const ANY_TYPE = ["equals", "differs", "in"];
const OTHER = "custom/";

let offer;
let where;
let timer;
let asking;
let keyed = 0; // when a letter was typed in a list of choices
let pending;

// Nodes ----------------------------------------------------------------------------------------------------------------

const make = (name, given = {}, ...children) => {
  const { at, label, ...rest } = given;
  const element = Object.assign(document.createElement(name), rest);
  if (at) element.dataset.at = at;
  if (label) element.setAttribute("aria-label", label);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};
const line = (...children) => make("div", { className: "line" }, ...children);
const idOf = (path) => `f:${path}`;
const said = (name) => offer.words[name];

// isPlain: what stands before it says it already; only those who cannot see that are told.
const labelled = (label, control, path, { isPlain = false } = {}) => {
  control.id = idOf(path);
  return make("label", { at: path }, make("span", { className: isPlain ? "hidden" : "", textContent: label }), " ", control);
};

const button = (label, act, { id = "", name = "", plain = true } = {}) => {
  const element = make("button", { type: "button", className: plain ? "little quiet" : "little", id, textContent: label, onclick: act });
  if (name) element.setAttribute("aria-label", name);
  return element;
};

// Changes ----------------------------------------------------------------------------------------------------------------

const wrote = () => {
  text.value = JSON.stringify(where.where, null, 2);
  undone.replaceChildren();
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
};

const put = (object, name, value) => {
  if (value === undefined) delete object[name];
  else object[name] = value;
  wrote();
};

// What has other fields now is drawn anew; who is in one of them stays there. While somebody types the beginning of what
// they choose, each letter chooses something: all is drawn when they pause, or go on.
const redraw = (focus) => {
  clearTimeout(pending);
  pending = undefined;
  if (focus === undefined && Date.now() - keyed < PAUSE_MS) {
    wrote();
    pending = setTimeout(settle, PAUSE_MS);
    return;
  }
  const { id, selectionStart, selectionEnd } = document.activeElement ?? {};
  draw();
  wrote();
  const next = document.getElementById(focus ?? id);
  next?.focus();
  if (focus === undefined && typeof selectionStart === "number") next?.setSelectionRange?.(selectionStart, selectionEnd);
};

const settle = () => {
  keyed = 0;
  if (pending) redraw();
};

const take = (change) => {
  const before = JSON.stringify(where.where);
  change();
  redraw("");
  const back = button(said("undo"), () => {
    where.where = JSON.parse(before);
    redraw();
    box.querySelector("select")?.focus();
  }, { plain: false });
  undone.replaceChildren(said("removed"), " ", back);
  back.focus();
};

const removable = (away, ...children) => make("div", { className: "removable" }, line(...children), away);
const remove = (what, change) => button("✕", () => take(change), { name: `${said("remove")}: ${what}` });

// Single controls --------------------------------------------------------------------------------------------------------

const choose = (choices, value, act) => {
  const known = choices.some(([each]) => String(each) === String(value));
  const all = known ? choices : [[value ?? "", value || said("choose")], ...choices];
  const select = make("select", {}, ...all.map(([each, label]) => make("option", { value: each, textContent: label })));
  select.value = String(value ?? "");
  select.onchange = () => act(select.value);
  return select;
};

const choice = (object, name, label, choices, path, { isPlain = false } = {}) =>
  labelled(label, choose(choices, object[name], (value) => { object[name] = value; redraw(); }), path, { isPlain });

// samples: gives what is offered; asked again whenever somebody comes to the field.
const offering = (input, samples) => {
  const list = make("datalist", { id: `${input.id}:list` });
  const fill = async () => list.replaceChildren(...(await samples()).map((value) => make("option", { value })));
  input.setAttribute("list", list.id);
  input.onfocus = fill;
  fill();
  return list;
};

const write = (object, name, label, path, { samples, type = "text", read = (value) => value, then, isPlain = false, ...more } = {}) => {
  const input = make("input", { type, value: object[name] ?? "", autocomplete: "off", ...more });
  input.oninput = () => {
    put(object, name, read(input.value));
    then?.();
  };
  const field = labelled(label, input, path, { isPlain });
  return samples ? make("div", {}, field, offering(input, samples)) : field;
};

const asNumber = (value) => (value === "" || Number.isNaN(Number(value)) ? undefined : Number(value));
const asText = (value) => value || undefined;
const NUMBER = { type: "number", step: "any", read: asNumber };
const WHOLE = { type: "number", step: "1", min: "0", read: asNumber };

const spanLine = (owner, name, label, path, { units = offer.choices.units, isPlain = false } = {}) => {
  owner[name] ??= { n: 30, unit: "days" };
  return line(
    write(owner[name], "n", label, `${path}.n`, { ...WHOLE, isPlain }),
    choice(owner[name], "unit", said("unit"), units, `${path}.unit`, { isPlain: true }),
  );
};

// A test of a value ------------------------------------------------------------------------------------------------------

const blankValue = (test) => {
  const { op, value } = test;
  delete test.value;
  delete test.within;
  if (RELATIVE.includes(op)) test.within = { n: op === "anniversary" ? 7 : 30, unit: "days" };
  else if (op === "between") test.value = [0, 100];
  else if (op === "in") test.value = Array.isArray(value) ? value : value === undefined || value === "" ? [] : [value];
  else if (SIZES.includes(op)) test.value = typeof value === "number" ? value : undefined;
  else if (DAYS.includes(op)) test.value = "";
  else if (!NO_VALUE.includes(op)) test.value = Array.isArray(value) ? value[0] ?? "" : value ?? "";
};

const typeOf = (test) => {
  const value = Array.isArray(test.value) ? test.value[0] : test.value;
  const type = { number: "number", boolean: "truth", string: value ? "text" : undefined }[typeof value];
  return type ?? typed.get(test) ?? "text";
};
const asType = { text: (value) => value, number: asNumber, truth: (value) => value === "true" };

const retype = (test, type) => {
  typed.set(test, type);
  const all = (Array.isArray(test.value) ? test.value : [test.value]).map((value) => asType[type](String(value ?? "")));
  test.value = test.op === "in" ? all.filter((value) => value !== undefined) : all[0];
  if (type === "number" && test.value === undefined) delete test.value;
};

const valueOf = (test, path, { numbers, samples }) => {
  const at = `${path}.value`;
  const { op } = test;
  if (NO_VALUE.includes(op)) return null;
  if (RELATIVE.includes(op)) return spanLine(test, "within", said("within"), `${path}.within`, { units: offer.choices.days, isPlain: true });
  if (DAYS.includes(op)) return write(test, "value", said("date"), at, { type: "date" });
  if (op === "between") {
    const [low, high] = [said("smallest"), said("greatest")];
    return line(write(test.value, 0, low, at, NUMBER), write(test.value, 1, high, `${path}.value[1]`, NUMBER));
  }
  if (SIZES.includes(op)) return write(test, "value", said("value"), at, NUMBER);
  const type = numbers ? "number" : typeOf(test);
  const types = !numbers && ANY_TYPE.includes(op)
    ? labelled(said("type"), choose(offer.choices.types, type, (to) => { retype(test, to); redraw(); }), `${path}.type`)
    : null;
  return line(oneValue(test, at, type, samples), types);
};

const oneValue = (test, at, type, samples) => {
  if (test.op === "in") {
    const area = make("textarea", { rows: 3, value: test.value.join("\n") });
    const read = (each) => asType[type](each.trim());
    area.oninput = () => put(test, "value", area.value.split("\n").map(read).filter((each) => each !== "" && each !== undefined));
    return labelled(said("values"), area, at);
  }
  if (type === "truth") {
    const select = choose(offer.choices.truth, test.value, (value) => put(test, "value", value === "true"));
    return labelled(said("value"), select, at);
  }
  return write(test, "value", said("value"), at, type === "number" ? NUMBER : { samples });
};

const testLine = (owner, name, label, path, { numbers = false, samples } = {}) => {
  const test = (owner[name] ??= numbers ? { op: "at_least", value: 1 } : { op: "contains", value: "" });
  const ops = numbers ? offer.choices.number_tests : offer.choices.tests;
  const select = choose(ops, test.op, (op) => { test.op = op; blankValue(test); redraw(); });
  return line(labelled(label, select, `${path}.op`), valueOf(test, path, { numbers, samples }));
};

// When -------------------------------------------------------------------------------------------------------------------

const THIRTY = () => ({ n: 30, unit: "days" });
const WINDOWS = {
  ever: () => undefined,
  last: () => ({ last: THIRTY() }),
  ago: () => ({ ago: THIRTY() }),
  both: () => ({ last: { n: 90, unit: "days" }, ago: THIRTY() }),
  dates: () => ({ after: instant(Date.now() - 30 * 864e5) }),
  all: () => ({ last: { n: 90, unit: "days" }, ago: THIRTY(), after: instant(Date.now() - 60 * 864e5) }),
};
const instant = (at) => `${new Date(at).toISOString().slice(0, 16)}:00Z`;

const modeOf = ({ last, ago, after, before } = {}) => {
  if (after || before) return last || ago ? "all" : "dates";
  if (last && ago) return "both";
  return last ? "last" : ago ? "ago" : "ever";
};

const windowLine = (owner, name, label, path) => {
  const mode = modeOf(owner[name]);
  const window = owner[name];
  const parts = { last: ["last", "both", "all"], ago: ["ago", "both", "all"], dates: ["dates", "all"] };
  const set = (value) => { put(owner, name, WINDOWS[value]()); redraw(); };
  const date = (key, says) => {
    const shown = { [key]: window[key] ? instant(window[key]).slice(0, 16) : "" };
    const read = (value) => { put(window, key, value ? `${value}:00Z` : undefined); return value; };
    return write(shown, key, said(says), `${path}.${key}`, { type: "datetime-local", read });
  };
  return line(
    labelled(label, choose(offer.choices.whens, mode, set), path),
    parts.last.includes(mode) && (mode !== "all" || window.last) ? spanLine(window, "last", said("last"), `${path}.last`, { isPlain: mode === "last" }) : null,
    parts.ago.includes(mode) && (mode !== "all" || window.ago) ? spanLine(window, "ago", said("ago"), `${path}.ago`, { isPlain: mode === "ago" }) : null,
    ...(parts.dates.includes(mode) ? [date("after", "from"), date("before", "until")] : []),
  );
};

// Which events -----------------------------------------------------------------------------------------------------------

const propertiesOf = ({ category, key }) => {
  const kind = `${encodeURIComponent(category)}/${encodeURIComponent(key)}`;
  if (!category || !key) return Promise.resolve([]);
  if (!carried.has(kind)) {
    carried.set(kind, fetch(`/segments/offers/${kind}`).then((answer) => (answer.ok ? answer.json() : []), () => []));
  }
  return carried.get(kind);
};
const bare = (path) => path.replaceAll("[]", "");
const samplesOf = async (found, path) => (await found).find((one) => bare(one.path) === bare(path))?.samples ?? [];

// A number is asked for as a number, as soon as it is known to be one and nothing was written yet.
const guess = async (found, path, test) => {
  const types = (await found).find((one) => bare(one.path) === bare(path))?.types ?? [];
  if (!types.length || !ANY_TYPE.concat("contains").includes(test.op) || (test.value ?? "") !== "") return;
  const isNumber = !types.includes("string") && types.some((type) => ["number", "integer"].includes(type));
  if (isNumber && test.op === "contains") test.op = "equals";
  retype(test, isNumber ? "number" : types.includes("boolean") && !types.includes("string") ? "truth" : "text");
  redraw();
};

const propertyField = (object, name, label, path, node, test) => {
  const samples = async () => (await propertiesOf(node)).map((one) => one.path);
  const then = test && (() => guess(propertiesOf(node), object[name], test));
  return write(object, name, label, path, { samples, then });
};

const eventField = (node, label, path) => {
  const listed = offer.events.some(([, events]) => events.some(([category, key]) => category === node.category && key === node.key));
  const isOther = node.category === "custom" && !listed;
  const select = make("select", {}, make("option", { value: "", textContent: said("choose") }));
  for (const [category, events] of offer.events) {
    select.append(make("optgroup", {}, ...events.map(([slug, key, name, came]) =>
      make("option", { value: `${slug}/${key}`, textContent: came ? name : said("never").replace("{label}", name) }))));
    select.lastChild.label = category;
  }
  select.append(make("option", { value: OTHER, textContent: said("other") }));
  const value = isOther ? OTHER : `${node.category}/${node.key}`;
  if (node.category && !isOther && !listed) select.append(make("option", { value, textContent: value }));
  select.value = value === "/" ? "" : value;
  select.onchange = () => {
    const cut = select.value.indexOf("/");
    [node.category, node.key] = cut < 0 ? ["", ""] : [select.value.slice(0, cut), select.value.slice(cut + 1)];
    redraw();
  };
  const own = isOther ? write(node, "key", said("other_key"), `${path}.other`) : null;
  return line(labelled(label, select, `${path}.key`), own);
};

const propertyTests = (node, path) => (node.where ?? []).map((one, place) => {
  const at = `${path}.where[${place}]`;
  const samples = () => samplesOf(propertiesOf(node), one.path);
  if (one.path.includes("[]")) one.of ??= "any";
  const of = one.of ? choice(one, "of", said("of"), offer.choices.of, `${at}.of`) : null;
  return removable(
    remove(`${said("property")} ${one.path}`, () => drop(node, "where", place)),
    propertyField(one, "path", said("property"), `${at}.path`, node, one.test),
    testLine(one, "test", said("test"), `${at}.test`, { samples }),
    of,
  );
});

const drop = (node, name, place) => {
  node[name].splice(place, 1);
  if (!node[name].length) delete node[name];
};

const campaigns = (node, path) => Object.keys(node.utm ?? {}).map((name) => {
  const rename = (to) => {
    node.utm = Object.fromEntries(Object.entries(node.utm).map(([each, test]) => [each === name ? to : each, test]));
    redraw();
  };
  const free = offer.choices.utm.filter(([each]) => each === name || !node.utm[each]);
  return removable(
    remove(`${said("utm")} ${name}`, () => { delete node.utm[name]; if (!Object.keys(node.utm).length) delete node.utm; }),
    labelled(said("utm"), choose(free, name, rename), `${path}.utm.${name}.name`),
    testLine(node.utm, name, said("test"), `${path}.utm.${name}`),
  );
});

const ticks = (node, name, choices, path) => {
  if (!node[name]) return null;
  const boxes = choices.map(([value, label]) => {
    const tick = make("input", { type: "checkbox", checked: node[name].includes(value), id: idOf(`${path}.${name}.${value}`) });
    tick.onchange = () => {
      const chosen = node[name].filter((each) => each !== value);
      put(node, name, tick.checked ? [...chosen, value] : chosen);
    };
    return make("label", { className: "check" }, tick, label);
  });
  const away = remove(said(name), () => delete node[name]);
  const tickable = make("div", { className: "line", role: "group", label: said(name), at: `${path}.${name}` }, make("strong", {}, said(name)), ...boxes);
  return removable(away, tickable);
};

const EXTRAS = {
  add_property: (node) => (node.where ??= []).push({ path: "", test: { op: "equals", value: "" } }),
  add_page: (node) => (node.page = { op: "contains", value: "" }),
  add_utm: (node) => ((node.utm ??= {})[offer.choices.utm.find(([name]) => !node.utm[name])[0]] = { op: "equals", value: "" }),
  add_sites: (node) => (node.sites = []),
  add_devices: (node) => (node.devices = []),
};
const HAS = { add_page: "page", add_sites: "sites", add_devices: "devices" };

const extras = (node, path) => line(...Object.keys(EXTRAS).map((name) => {
  const isFull = name === "add_utm" && Object.keys(node.utm ?? {}).length === offer.choices.utm.length;
  const id = idOf(`${path}.${name}`);
  return node[HAS[name]] || isFull ? null : button(said(name), () => { EXTRAS[name](node); redraw(id); }, { id });
}));

const filterField = (node, label, path) => make("div", { className: "filter" },
  eventField(node, label, path),
  ...propertyTests(node, path),
  node.page ? removable(remove(said("page"), () => delete node.page), testLine(node, "page", said("page"), `${path}.page`)) : null,
  ...campaigns(node, path),
  ticks(node, "sites", offer.sites, path),
  ticks(node, "devices", offer.choices.devices, path),
  extras(node, path),
);

// One thing after another ------------------------------------------------------------------------------------------------

const sames = (step, path, place, steps) => (step.same ?? []).map((same, n) => {
  const at = `${path}.same[${n}]`;
  const earlier = steps.slice(0, place).map((_, each) => [each, String(each + 1)]);
  const select = choose(earlier, same.step, (value) => { same.step = Number(value); redraw(); });
  return removable(
    remove(said("same_property"), () => drop(step, "same", n)),
    propertyField(same, "property", said("same_property"), `${at}.property`, step),
    labelled(said("same_step"), select, `${at}.step`),
    propertyField(same, "as", said("same_as"), `${at}.as`, steps[same.step] ?? step),
  );
});

const later = (step, path) => line(
  step.within ? null : button(said("add_within"), () => { step.within = { n: 1, unit: "days" }; redraw(); }),
  button(said("add_without"), () => { (step.without ??= []).push({ category: "", key: "" }); redraw(); }),
  button(said("add_same"), () => { (step.same ??= []).push({ property: "", step: 0, as: "" }); redraw(); }),
);

const stepField = (steps, place, path) => {
  const step = steps[place];
  const title = said("step").replace("{n}", place + 1);
  return make("fieldset", { at: path }, make("legend", {}, title),
    filterField(step, said("event"), path),
    step.within ? removable(remove(said("within"), () => delete step.within), spanLine(step, "within", said("within"), `${path}.within`)) : null,
    ...(step.without ?? []).map((each, n) => removable(
      remove(said("without"), () => drop(step, "without", n)),
      filterField(each, said("without"), `${path}.without[${n}]`))),
    ...sames(step, path, place, steps),
    place ? later(step, path) : null,
    steps.length > 2 ? remove(title, () => { steps.splice(place, 1); ["within", "without", "same"].forEach((name) => delete steps[0][name]); }) : null,
  );
};

const stepsField = (node, field, path) => make("div", { className: "filter" },
  ...node.steps.map((_, place) => stepField(node.steps, place, `${path}[${place}]`)),
  node.steps.length < 5 ? button(said("add_step"), () => { node.steps.push({ category: "", key: "" }); redraw(); }) : null,
);

// Fields by the word for their control -----------------------------------------------------------------------------------

const CONTROLS = {
  filter: (node, { name, label }, path) => filterField(name ? (node[name] ??= {}) : node, label, name ? path : path.slice(0, -1)),
  count: (node, { label }, path) => {
    const count = node.count ?? { op: "at_least", value: 1 };
    const kept = (change) => { Object.assign(count, change); if (count.value === undefined) delete count.value; put(node, "count", count); };
    const number = make("input", { type: "number", min: "0", value: count.value ?? "" });
    number.oninput = () => kept({ value: asNumber(number.value) });
    return line(
      labelled(label, choose(offer.choices.counts, count.op, (op) => kept({ op })), `${path}.op`),
      labelled(said("times"), number, `${path}.value`, { isPlain: true }),
      make("span", { className: "after", ariaHidden: "true" }, said("times")),
    );
  },
  window: (node, { name, label }, path) => windowLine(node, name, label, path),
  span: (node, { name, label }, path) => spanLine(node, name, label, path),
  choice: (node, { name, label, choices }, path) => choice(node, name, label, choices, path),
  test: (node, { name, label }, path) => testLine(node, name, label, path, { samples: () => samplesOf(offer.attributes, node.name) }),
  number_test: (node, { name, label }, path) => testLine(node, name, label, path, { numbers: true }),
  maybe_number: (node, { name, label }, path) => node[name]
    ? removable(remove(label, () => delete node[name]), testLine(node, name, label, path, { numbers: true }))
    : button(`+ ${label}`, () => { node[name] = { op: "at_least", value: 1 }; redraw(`${idOf(path)}.op`); }, { id: idOf(path) }),
  property: (node, { name, label }, path) => propertyField(node, name, label, path, node),
  attribute: (node, { name, label }, path) => write(node, name, label, path, {
    samples: () => offer.attributes.map((one) => one.path),
    then: () => guess(offer.attributes, node.name, node.test),
  }),
  list: (node, { name, label }, path) => write(node, name, label, path, { samples: () => offer.lists }),
  segment: (node, { name, label }, path) => {
    const others = offer.segments.filter(([id]) => String(id) !== form.elements.id.value);
    return labelled(label, choose(others, node[name], (value) => { node[name] = Number(value); redraw(); }), path);
  },
  number: (node, { name, label }, path) => write(node, name, label, path, NUMBER),
  optional: (node, { name, label }, path) => write(node, name, label, path, { read: asText }),
  check: (node, { name, label }, path) => {
    const tick = make("input", { type: "checkbox", checked: Boolean(node[name]), id: idOf(path) });
    tick.onchange = () => put(node, name, tick.checked || undefined);
    return make("label", { className: "check", at: path }, tick, label);
  },
  steps: stepsField,
};

const fieldsOf = (node, path) => {
  const kind = offer.kinds.find(({ type }) => type === node.type);
  return (kind?.fields ?? []).flatMap((field) => {
    const [other, value] = field.needs ?? [];
    if (other && node[other] !== value) {
      delete node[field.name];
      return [];
    }
    return [CONTROLS[field.control](node, field, `${path}.${field.name}`)];
  });
};

// Conditions and groups --------------------------------------------------------------------------------------------------

const isGroup = ({ type }) => type === "all" || type === "any";
const opposite = (owner, key, path) => {
  const isNot = owner[key].type === "not";
  const tick = make("input", { type: "checkbox", checked: isNot, id: idOf(`${path}.not`) });
  tick.onchange = () => { owner[key] = tick.checked ? { type: "not", of: owner[key] } : owner[key].of; redraw(); };
  return make("label", { className: "check not" }, tick, said("not"));
};

const drawn = (owner, key, path, { number = "", away } = {}) => {
  const isNot = owner[key].type === "not";
  const node = isNot ? owner[key].of : owner[key];
  const at = isNot ? `${path}.of` : path;
  const title = `${said(isGroup(node) ? "group" : "condition")} ${number}`.trim();
  const parts = { owner, key, path, at, node, number };
  const head = [opposite(owner, key, path), isGroup(node) ? joint(parts) : kindOf(parts)];
  const gone = away ? remove(title, away) : null;
  return make("div", { className: isGroup(node) ? "group" : "condition", role: "group", label: title, at },
    make("div", { className: "line top-line" }, ...head, gone),
    ...(isGroup(node) ? inside(parts) : [line(...fieldsOf(node, at))]));
};

const joint = ({ node, at }) =>
  labelled(said("of_group"), choose(offer.choices.groups, node.type, (type) => { node.type = type; redraw(); }), `${at}.type`);

const kindOf = ({ owner, key, path, at, node }) => {
  const change = (type) => {
    const fresh = structuredClone(offer.kinds.find((kind) => kind.type === type).blank);
    owner[key] = owner[key].type === "not" ? { type: "not", of: fresh } : fresh;
    redraw();
  };
  return labelled(said("kind"), choose(offer.kinds.map(({ type, label }) => [type, label]), node.type, change), `${at}.type`);
};

const inside = ({ node, at, number }) => {
  const add = (fresh) => () => {
    node.of.push(structuredClone(fresh));
    redraw(idOf(`${at}.of[${node.of.length - 1}].type`));
  };
  const blank = offer.kinds[0].blank;
  const places = node.of.map((_, place) => drawn(node.of, place, `${at}.of[${place}]`, {
    number: `${number ? `${number}.` : ""}${place + 1}`,
    away: () => node.of.splice(place, 1),
  }));
  const adds = line(
    button(said("add_condition"), add(blank), { plain: false, id: idOf(`${at}.add`) }),
    button(said("add_group"), add({ type: "any", of: [blank] }), { id: idOf(`${at}.add_group`) }),
  );
  return [make("div", { className: "places", at: `${at}.of` }, ...places), adds];
};

// Not (not a) is a: one tick can say it.
const plain = (node) => {
  if (node?.type === "not" && node.of?.type === "not") return plain(node.of.of);
  if (node?.type === "not") return { ...node, of: plain(node.of) };
  return isGroup(node) && Array.isArray(node.of) ? { ...node, of: node.of.map(plain) } : node;
};

const draw = () => {
  const isBare = !isGroup(where.where.type === "not" ? where.where.of : where.where);
  if (isBare) where.where = { type: "all", of: [where.where] };
  box.replaceChildren(drawn(where, "where", "where"));
  tell();
};

// As it is sent: without the white space that is for people, a large one is within what a form may hold.
const short = () => {
  try {
    return JSON.stringify(JSON.parse(text.value));
  } catch {
    return text.value;
  }
};

// Answers ----------------------------------------------------------------------------------------------------------------

const ask = async () => {
  asking?.abort();
  asking = new AbortController();
  try {
    const body = new URLSearchParams(new FormData(form));
    body.set("where", short());
    const answer = await fetch("/segments/preview", { method: "POST", body, signal: asking.signal });
    if (!answer.ok || answer.redirected) return;
    const text = await answer.text();
    document.dispatchEvent(new CustomEvent("arrived", { detail: { text, target: "#preview", quiet: true } }));
    tell();
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
};

// The nearest field around the path of a fault.
const placeOf = (path) => {
  let rest = path.replace(/\.category$/, ".key");
  while (rest && rest !== "where") {
    const found = box.querySelector(`[data-at="${CSS.escape(rest)}"]`);
    if (found) return found;
    rest = rest.replace(/(\.[^.[\]]+|\[\d+\])$/, "");
  }
  return null;
};

const tell = () => {
  for (const old of box.querySelectorAll(".fault")) old.remove();
  for (const input of box.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
  for (const [n, item] of document.querySelectorAll("#preview [data-fault]").entries()) {
    const place = placeOf(item.dataset.fault);
    item.hidden = Boolean(place);
    if (!place) continue;
    const fault = make("p", { className: "fault small", id: `fault-${n}`, textContent: item.lastElementChild.textContent });
    const input = place.matches("label") ? place.querySelector("input, select, textarea") : null;
    input ? place.after(fault) : place.append(fault);
    input?.setAttribute("aria-invalid", "true");
    input?.setAttribute("aria-describedby", fault.id);
  }
};

const read = () => {
  try {
    const found = JSON.parse(text.value);
    if (typeof found?.type !== "string") return false;
    where = { where: plain(found) };
    draw();
    return true;
  } catch {
    return false; // the server says what is wrong with it; the fields stay as they were
  }
};

text.addEventListener("input", () => {
  read();
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
});
form.addEventListener("submit", () => (text.value = short()));
box.addEventListener("keydown", (event) => {
  if (event.target.matches("select") && event.key.length === 1) keyed = Date.now();
  else settle();
  if (event.key === "Enter" && event.target.matches("input")) event.preventDefault(); // it would save
});

offer = await (await fetch("/segments/offers")).json();
box.hidden = false;
form.querySelector("[data-once]").hidden = true;
form.querySelector("[data-twice]").hidden = false;
form.querySelector("[data-json]").open = !read();
