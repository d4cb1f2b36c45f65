// Requests in turns with a hand-written endpoint and with PostgreSQL itself.
import path from "node:path";
import { fixed, median, table, whole } from "../figures.mjs";
import { operations } from "../operations.mjs";
import { memory, note, run, start, until } from "../processes.mjs";
import { addresses, connection, here, only, seconds, turns } from "../settings.mjs";
import { load, pgbench } from "../traffic.mjs";
import { openXrm, readToken } from "../xrm.mjs";

export async function measure() {
  run("dotnet", ["build", path.join(here, "reference"), "-c", "Release", "-v", "quiet", "-nologo"]);
  const server = await openXrm();
  const token = readToken();
  const reference = start("reference", "dotnet", [path.join(here, "reference/bin/Release/net10.0/Xrm.Load.Reference.dll")], { LOAD_DATABASE: connection("load"), ASPNETCORE_URLS: addresses.reference });
  await until(reference, `${addresses.reference}/contacts?status=new&letter=A`, "The reference");
  const idle = memory(server.pid).now;

  const chosen = operations.filter(operation => !only || only.includes(operation.name));
  const figures = new Map(chosen.map(operation => [operation.name, { xrm: [], reference: [], pgbench: [], p99: [], failed: 0 }]));
  for (let turn = 0; turn <= turns; turn++) {
    // Turn 0 warms up and is not counted.
    const duration = turn === 0 ? Math.min(seconds, 8) : seconds;
    for (const operation of chosen) {
      note(turn === 0 ? `Warming up ${operation.name} ...` : `${operation.name}, turn ${turn} of ${turns} ...`);
      const measured = measureOne(operation, duration, token);
      if (turn > 0) keep(figures.get(operation.name), measured);
    }
  }
  table(["operation", "Xrm, requests/s", "p99, ms", "hand-written", "pgbench", "ratio", "needed"], chosen.map(operation => row(operation, figures)));
  console.log(`Memory of the server: ${idle} MB idle, ${memory(server.pid).peak} MB at most.`);
}

function measureOne(operation, duration, token) {
  const { clients } = operation;
  const measured = { xrm: load(operation.xrm, addresses.xrm, duration, { clients, token }) };
  if (operation.reference) measured.reference = load(operation.reference, addresses.reference, duration, { clients });
  if (operation.sql) measured.pgbench = pgbench(operation.sql, duration, clients);
  return measured;
}

function keep(seen, measured) {
  for (const [side, result] of Object.entries(measured)) seen[side].push(result.perSecond);
  seen.p99.push(measured.xrm.p99);
  seen.failed += measured.xrm.failed + (measured.reference?.failed ?? 0);
}

function row(operation, figures) {
  const seen = figures.get(operation.name);
  const against = { "hand-written": seen.reference, pgbench: seen.pgbench }[operation.against] ?? figures.get(operation.against)?.xrm ?? [];
  // Refusals are quick: a figure with failures would compare nothing.
  const ratios = seen.failed ? [] : against.map((other, turn) => seen.xrm[turn] / other);
  return [
    `${operation.name} ${operation.says}`, whole(median(seen.xrm)), fixed(median(seen.p99), 1), whole(median(seen.reference)), whole(median(seen.pgbench)),
    seen.failed ? `${seen.failed} requests failed` : ratios.length ? `${fixed(median(ratios), 2)} × ${operation.against}` : "-",
    operation.needed ? `≥ ${operation.needed}` : "",
  ];
}
