// What running requests notice of a publish that adds a field, adds an index, and removes both.
import fs from "node:fs";
import path from "node:path";
import { startClients } from "../clients.mjs";
import { sql } from "../cluster.mjs";
import { fixed, median, quantile, table, whole } from "../figures.mjs";
import { named } from "../footprint.mjs";
import { note, rest } from "../processes.mjs";
import { addresses, seconds, turns } from "../settings.mjs";
import { bench, openXrm, readToken } from "../xrm.mjs";

const clients = 8;
const slow = 100;
const after = 1000;
const added = "load_remark";
const steps = [
  { says: "a field more", index: false, files: () => changed(false), drop: [] },
  { says: "an index more", index: true, files: () => changed(true), drop: [] },
  { says: "both removed", index: false, files: original, drop: [`bench_contact.${added}`] },
];

export async function measure() {
  await openXrm();
  const token = readToken();
  const targets = named("R1", "R2", "W3").map(({ name, xrm }) => ({ name, ...xrm }));
  await tidy(token);
  const seen = { durations: new Map(steps.map(step => [step, []])), quiet: [], busy: new Map(steps.map(step => [step, []])), refusals: [] };
  try {
    for (let turn = 0; turn <= turns; turn++) {
      note(turn === 0 ? "Warming up ..." : `Turn ${turn} of ${turns} ...`);
      const result = await measureTurn(targets, token);
      // The first turn warms up and is not counted.
      if (turn > 0) keep(seen, result);
    }
  } finally {
    await tidy(token);
  }
  show(targets, seen);
}

async function measureTurn(targets, token) {
  const end = startClients(targets, addresses.xrm, token, clients);
  await rest(2000);
  const begin = now();
  await rest(seconds * 1000);
  const quiet = { begin, end: now() };
  const spans = [];
  for (const step of steps) {
    const begin = now();
    await publish(token, step);
    const answered = now();
    if (step.index) await indexIsBuilt();
    await rest(after);
    spans.push({ step, begin, answered, end: now() });
    await rest(2000);
  }
  return { quiet, spans, requests: await end() };
}

const now = () => performance.timeOrigin + performance.now();
const within = (requests, span) => requests.filter(request => request.end >= span.begin && request.begin <= span.end);

function keep(seen, { quiet, spans, requests }) {
  seen.quiet.push(...within(requests, quiet));
  seen.refusals.push(...requests.filter(request => request.refusal));
  for (const span of spans) {
    seen.durations.get(span.step).push(span.answered - span.begin);
    seen.busy.get(span.step).push(...within(requests, span));
  }
}

async function publish(token, { files, drop }) {
  const answer = await fetch(`${addresses.xrm}/api/metadata/publish`, {
    method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ packages: [{ name: "bench", files: files() }], drop }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The publish was refused: ${answer.status} ${text.slice(0, 1000)}`);
}

/** Removes what a measurement that was broken off has left behind. */
async function tidy(token) {
  if (sql(`select 1 from pg_attribute where attrelid = 'org_main.bench_contacts'::regclass and attname = '${added}'`)) await publish(token, steps[2]);
}

/** The package's files by their paths. */
function original() {
  const files = fs.readdirSync(bench, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map(file => [path.relative(bench, file), fs.readFileSync(file, "utf8")]));
}

function changed(index) {
  const files = original();
  const file = "entities/bench_contact.json";
  const contact = JSON.parse(files[file]);
  contact.fields.push({ name: added, type: "text", maxLength: 100, ...(index ? { index } : {}) });
  return { ...files, [file]: JSON.stringify(contact) };
}

/** Indexes are built after the publish, without hindering anybody. */
async function indexIsBuilt() {
  const built = `select count(*) from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
    where i.indrelid = 'org_main.bench_contacts'::regclass and i.indisvalid and a.attname = '${added}'`;
  for (const end = now() + 300_000; now() < end; await rest(100)) if (sql(built) !== "0") return;
  throw new Error("The index was not built within five minutes.");
}

function show(targets, seen) {
  table(["publish", "time, ms", "longest", "needed"],
    steps.map(step => [step.says, whole(median(seen.durations.get(step))), whole(quantile(seen.durations.get(step), 1)), "< 1,000 ms"]));
  const rows = targets.flatMap(({ name }) => [["before", seen.quiet], ...steps.map(step => [step.says, seen.busy.get(step)])].map(([when, requests]) => {
    const times = requests.filter(request => request.name === name).map(request => request.end - request.begin);
    return [name, when, whole(times.length), ...[0.5, 0.99, 1].map(share => fixed(quantile(times, share), 1)), times.filter(time => time > slow).length, when === "before" ? "" : `none over ${slow} ms because of it`];
  }));
  table(["operation", "when", "requests", "p50, ms", "p99, ms", "longest, ms", `over ${slow} ms`, "needed"], rows);
  if (seen.refusals.length) console.log(`${seen.refusals.length} requests failed, the first: ${seen.refusals[0].name} ${seen.refusals[0].refusal}`);
}
