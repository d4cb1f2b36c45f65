// Load on a server by wrk and on PostgreSQL by pgbench.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { run } from "./processes.mjs";
import { accounts, contacts, data, databasePort, here } from "./settings.mjs";

const uuid = text => createHash("md5").update(text).digest("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

/** The ids that requests choose from; `workload/plain.sql` makes the same. */
export const contactIds = Array.from({ length: Math.min(contacts, 100_000) }, (_, i) => uuid(`contact-${1 + ((i * 7919) % contacts)}`));
export const accountIds = Array.from({ length: 10_000 }, (_, i) => uuid(`account-${1 + (i % accounts)}`));

/** Writes the ids where request.lua reads them. */
export function writeIds() {
  fs.writeFileSync(path.join(data, "contacts.txt"), contactIds.join("\n") + "\n");
  fs.writeFileSync(path.join(data, "accounts.txt"), accountIds.join("\n") + "\n");
}

/** Lets wrk send requests of one kind for some seconds; without a token for the hand-written endpoint. */
export function load(target, address, duration, { clients = 32, token } = {}) {
  const result = run("wrk", ["-c", clients, "-t", Math.min(2, clients), "-d", `${duration}s`, "--timeout", "30s", "-s", path.join(here, "request.lua"), address], {
    env: {
      ...process.env, LOAD_METHOD: target.method ?? "GET", LOAD_PATH: target.path, ...(target.body ? { LOAD_BODY: target.body } : {}),
      ...(token ? { LOAD_TOKEN: token } : {}), LOAD_CONTACTS: path.join(data, "contacts.txt"), LOAD_ACCOUNTS: path.join(data, "accounts.txt"),
    },
  });
  return JSON.parse(result.trim().split("\n").at(-1));
}

/** Lets pgbench run a file of the folder workload for some seconds. */
export function pgbench(file, duration, clients = 32) {
  const result = run("pgbench", ["-h", "127.0.0.1", "-p", databasePort, "-U", "postgres", "-n", "-M", "prepared", "-c", clients, "-j", 2, "-T", duration,
    "-D", `contacts=${contacts}`, "-f", path.join(here, "workload", file), "load"]);
  return { perSecond: Number(/tps = ([\d.]+)/.exec(result)[1]), failed: 0 };
}
