// What a large model costs: two servers side by side, one of them with a thousand entities more.
import { sql } from "../cluster.mjs";
import { fixed, median, table, whole } from "../figures.mjs";
import { measureMemory, measureStarts, named } from "../footprint.mjs";
import { entities, writeManyPackage } from "../many-package.mjs";
import { note, stop } from "../processes.mjs";
import { addresses, data, seconds, turns } from "../settings.mjs";
import { load } from "../traffic.mjs";
import { openXrm, readToken, xrm } from "../xrm.mjs";

const large = { name: "server-many", database: "many", address: addresses.many };

export async function measure() {
  const published = await makeDatabase();
  const starts = await measureStarts(turns, large);
  const { idle, peak } = await measureMemory(large);
  const rows = await compare(named("R1", "R2", "W1"));
  table(["operation", "Xrm, requests/s", `with ${whole(entities)} entities more`, "ratio", "needed"], rows);
  table([`with ${whole(entities)} entities of 30 fields more`, "Xrm", "needed"], [
    ["publish of them (xrm apply)", `${fixed(published / 1000, 1)} s`, ""],
    ["start of the process to the first answer", `${whole(median(starts))} ms`, "< 3,000 ms"],
    ["memory, idle", `${idle} MB`, "< 400 MB"],
    ["memory, at most under load (R1, R2, W1)", `${peak} MB`, "< 400 MB"],
  ]);
}

/** Makes a copy of the database and publishes the package there; milliseconds of the publish. */
async function makeDatabase() {
  // The copy must not have to publish what this build changed in the small model.
  await stop(await openXrm());
  note("Copying the database ...");
  sql(["drop database if exists many", "create database many template load strategy file_copy"], "postgres");
  const folder = writeManyPackage(data);
  note(`Publishing ${entities} entities ...`);
  const begin = performance.now();
  xrm(["apply", folder], large);
  return performance.now() - begin;
}

async function compare(operations) {
  const servers = [await openXrm(), await openXrm(large)];
  const seen = new Map(operations.map(operation => [operation, { small: [], large: [], failed: 0 }]));
  for (let turn = 0; turn <= turns; turn++) {
    for (const operation of operations) {
      note(turn === 0 ? `Warming up ${operation.name} ...` : `${operation.name}, turn ${turn} of ${turns} ...`);
      // Who goes first changes with each turn.
      const sides = turn % 2 === 0 ? ["small", "large"] : ["large", "small"];
      for (const side of sides) {
        const result = load(operation.xrm, side === "small" ? addresses.xrm : addresses.many, turn === 0 ? Math.min(seconds, 8) : seconds, { token: readToken() });
        if (turn === 0) continue;
        seen.get(operation)[side].push(result.perSecond);
        seen.get(operation).failed += result.failed;
      }
    }
  }
  await Promise.all(servers.map(stop));
  return operations.map(operation => row(operation, seen.get(operation)));
}

function row(operation, { small, large, failed }) {
  const ratios = small.map((other, turn) => large[turn] / other);
  return [`${operation.name} ${operation.says}`, whole(median(small)), whole(median(large)), failed ? `${failed} requests failed` : fixed(median(ratios), 2), "≥ 0.95"];
}
