// Arrays of new records, validated and with history, beside \copy of the same rows into a table with the same rows and indexes.
import path from "node:path";
import { sql } from "../cluster.mjs";
import { fixed, median, table, whole } from "../figures.mjs";
import { note } from "../processes.mjs";
import { addresses, data, turns } from "../settings.mjs";
import { accountIds } from "../traffic.mjs";
import { openXrm, readToken } from "../xrm.mjs";

const size = 10_000;
const arrays = 10;
const statuses = ["new", "active", "qualified", "inactive", "lost"];
const file = path.join(data, "bulk.tsv");

export async function measure() {
  sql(["drop table if exists plain.contact_copy", "create table plain.contact_copy (like org_main.bench_contacts including all)"]);
  const columns = sql(`select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns
    where table_schema = 'org_main' and table_name = 'bench_contacts' and is_generated = 'NEVER'`);
  await openXrm();
  const token = readToken();
  const seen = { xrm: [], copy: [] };
  clear();
  // Indexes over a million rows cost more than those of an empty table.
  sql([`insert into plain.contact_copy (${columns}) select ${columns} from org_main.bench_contacts`, "vacuum (analyze) plain.contact_copy"]);
  for (let turn = 0; turn <= turns; turn++) {
    note(turn === 0 ? "Warming up ..." : `Turn ${turn} of ${turns} ...`);
    const posted = await post(token);
    sql(`\\copy (select ${columns} from org_main.bench_contacts where email like 'bulk%') to '${file}'`);
    const copied = copy(columns);
    clear();
    if (turn === 0) continue;
    seen.xrm.push(posted);
    seen.copy.push(copied);
  }
  const ratios = seen.xrm.map((posted, turn) => posted / seen.copy[turn]);
  table(["operation", "Xrm, rows/s", "\\copy, rows/s", "ratio", "needed"],
    [[`${whole(arrays * size)} records in arrays of ${whole(size)}`, whole(median(seen.xrm)), whole(median(seen.copy)), `${fixed(median(ratios), 2)} × \\copy`, "≥ 0.3"]]);
}

const contact = number => ({
  first_name: "Bulk", last_name: `${String.fromCharCode(65 + (number % 26))}writer${number}`, email: `bulk${number}@example.com`, phone: "+15550100", job_title: "Engineer",
  status: statuses[number % 5], birthdate: "1980-05-17", credit_limit: 1234.56, opted_in: number % 2 === 0, account_id: accountIds[(number * 7919) % accountIds.length],
});

/** Rows a second of Xrm. */
async function post(token) {
  const bodies = Array.from({ length: arrays }, (_, array) => JSON.stringify(Array.from({ length: size }, (_, row) => contact(array * size + row))));
  const begin = performance.now();
  for (const body of bodies) {
    const answer = await fetch(`${addresses.xrm}/api/data/bench_contacts`, { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The records were refused: ${answer.status} ${text.slice(0, 500)}`);
  }
  return (arrays * size * 1000) / (performance.now() - begin);
}

/** Rows a second of \copy. */
function copy(columns) {
  const told = sql(["checkpoint", "\\timing on", `\\copy plain.contact_copy (${columns}) from '${file}'`]);
  return (arrays * size * 1000) / Number(/Time: ([\d.]+) ms/.exec(told)[1]);
}

/** Takes the rows of a turn away, so that every turn finds the same tables. */
function clear() {
  sql([
    "create temp table bulk as select id from org_main.bench_contacts where email like 'bulk%'",
    "analyze bulk",
    "delete from org_main._audit log using bulk where log.entity = 'bench_contact' and log.record_id = bulk.id",
    "delete from org_main._outbox event using bulk where event.entity = 'bench_contact' and event.record_id = bulk.id",
    "delete from org_main.bench_contacts contact using bulk where contact.id = bulk.id",
    "delete from plain.contact_copy contact using bulk where contact.id = bulk.id",
    ...["org_main._audit", "org_main._outbox", "org_main.bench_contacts", "plain.contact_copy"].map(name => `vacuum (analyze) ${name}`),
    "checkpoint",
  ]);
}
