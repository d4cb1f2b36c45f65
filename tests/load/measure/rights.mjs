// What a right costs that reaches a unit: the same lists as an administrator's, on the same server in turns.
import path from "node:path";
import { sql, sqlFile } from "../cluster.mjs";
import { fixed, median, table, whole } from "../figures.mjs";
import { named } from "../footprint.mjs";
import { note, rest, stop } from "../processes.mjs";
import { addresses, here, seconds, turns } from "../settings.mjs";
import { load } from "../traffic.mjs";
import { openXrm, readToken, xrm } from "../xrm.mjs";

const place = { name: "server-rights", database: "rights", address: addresses.many };
const people = [
  { name: "one unit of 20", token: "xrm_load_unit_reader", needed: "≥ 0.85" },
  { name: "five units: a region and its four", token: "xrm_load_region_reader", needed: "" },
];

export async function measure() {
  await makeDatabase();
  const server = await openXrm(place);
  await indexesAreBuilt();
  const rows = [];
  for (const operation of named("R2", "R3")) rows.push(...compare(operation));
  await stop(server);
  table(["operation", "right to read", "requests/s", "administrator", "ratio", "needed"], rows);
}

/** Makes a copy of the database with units, people and their roles. */
async function makeDatabase() {
  await stop(await openXrm());
  note("Copying the database ...");
  sql(["drop database if exists rights", "create database rights template load strategy file_copy"], "postgres");
  note("Publishing the roles and spreading the contacts over units ...");
  xrm(["apply", path.join(here, "rights")], place);
  sqlFile("rights.sql", {}, "rights");
}

/** Indexes are built behind a publish, by the server. */
async function indexesAreBuilt() {
  note("Waiting for the indexes ...");
  const built = "select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like 'bench_contacts.%owning_unit_id%' and i.indisvalid";
  while (Number(sql(built, "rights")) < 4) await rest(1000);
  sql("vacuum (analyze) org_main.bench_contacts", "rights");
}

function compare(operation) {
  const seen = new Map(people.map(person => [person, { own: [], administrator: [], failed: 0 }]));
  for (let turn = 0; turn <= turns; turn++) {
    note(turn === 0 ? `Warming up ${operation.name} ...` : `${operation.name}, turn ${turn} of ${turns} ...`);
    for (const person of people) {
      // Who goes first changes with each turn.
      const sides = turn % 2 === 0 ? ["own", "administrator"] : ["administrator", "own"];
      for (const side of sides) {
        const result = load(operation.xrm, place.address, turn === 0 ? Math.min(seconds, 8) : seconds, { token: side === "own" ? person.token : readToken() });
        if (turn === 0) continue;
        seen.get(person)[side].push(result.perSecond);
        seen.get(person).failed += result.failed;
      }
    }
  }
  return people.map(person => row(operation, person, seen.get(person)));
}

function row(operation, person, { own, administrator, failed }) {
  const ratio = median(own.map((one, turn) => one / administrator[turn]));
  return [`${operation.name} ${operation.says}`, person.name, whole(median(own)), whole(median(administrator)), failed ? `${failed} requests failed` : fixed(ratio, 2), operation.name === "R2" ? person.needed : ""];
}
