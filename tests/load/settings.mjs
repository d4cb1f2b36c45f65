// What the command line says, and what follows from it: the same for all measurements.
import path from "node:path";
import { parseArgs } from "node:util";

const usage = `Usage: tests/load/run [MEASUREMENT] [--only R1,R2] [--seconds 15] [--turns 5] [--contacts 1000000] [--data /tmp/xrm-load]

Measurements:
  operations  requests beside a hand-written endpoint and PostgreSQL itself; the default. --only chooses some
  bulk        100,000 records in arrays of 10,000, beside \\copy of the same rows
  start       time from the start of the process to the first answer; memory idle and under load
  many        reads and writes beside 1,000 more entities of 30 fields, their publish, start and memory
  publish     a field and an index more while requests run: time of the publish, latency before and during it
  rights      lists of somebody who may read what is of their unit, beside an administrator's

Makes the tables once (a few minutes for a million contacts) and keeps them in --data; delete that folder to begin anew.
--ports 5091 is the first of three ports for servers, --database-port 55440 that of PostgreSQL.
Needs wrk and pgbench (Debian: apt-get install wrk postgresql-client postgresql-contrib), and a machine that does nothing else.`;

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        data: { type: "string", default: "/tmp/xrm-load" },
        seconds: { type: "string", default: "15" },
        turns: { type: "string", default: "5" },
        only: { type: "string" },
        contacts: { type: "string", default: "1000000" },
        ports: { type: "string", default: "5091" },
        "database-port": { type: "string", default: "55440" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (mistake) {
    console.error(`${mistake.message}\n\n${usage}`);
    process.exit(64);
  }
}

const { values, positionals } = read();
if (values.help) {
  console.log(usage);
  process.exit(0);
}

/** Ends with the usage where the name is not one of a measurement. */
export function refuse(name) {
  console.error(`There is no measurement '${name}'.\n\n${usage}`);
  process.exit(64);
}

export const here = import.meta.dirname;
export const root = path.resolve(here, "../..");
export const measurement = positionals[0] ?? "operations";
export const only = values.only?.split(",");
export const data = path.resolve(values.data);
export const seconds = Number(values.seconds);
export const turns = Number(values.turns);
export const contacts = Number(values.contacts);
export const accounts = Math.max(10, Math.round(contacts / 10));
export const databasePort = Number(values["database-port"]);
const address = number => `http://127.0.0.1:${Number(values.ports) + number}`;
export const addresses = { xrm: address(0), reference: address(1), many: address(2) };
export const connection = database => `Host=127.0.0.1;Port=${databasePort};Username=postgres;Database=${database}`;
