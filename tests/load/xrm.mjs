// The server that is measured, and its database with the workload's rows.
import fs from "node:fs";
import path from "node:path";
import { sql, sqlFile } from "./cluster.mjs";
import { note, run, start, stop, until } from "./processes.mjs";
import { accounts, addresses, connection, contacts, data, here, root } from "./settings.mjs";

const program = path.join(root, "engine/Xrm.Server/bin/ready/Xrm.Server.dll");
const environment = { XRM_HOME: root };
const tokenFile = path.join(data, "token");
const place = (name, database) => ["--data", path.join(data, name), "--database", connection(database)];

export const bench = path.join(here, "bench");

/** Builds the server. */
export const build = () => run(path.join(root, "engine/xrm"), ["build"], { stdio: ["ignore", "ignore", "inherit"], encoding: undefined });

/** Starts a server; it may not be ready yet. */
export const startXrm = ({ name = "server", database = "load", address = addresses.xrm } = {}) =>
  start(name, "dotnet", [program, "serve", ...place(name, database), "--url", address, "--package", bench], environment);

/** Starts a server and waits until it is ready. */
export async function openXrm(where = {}) {
  const server = startXrm(where);
  await until(server, `${where.address ?? addresses.xrm}/readyz`, "Xrm");
  return server;
}

/** Runs the command, such as `apply DIR`, on a database; returns what it wrote. */
export const xrm = (args, { name = "server", database = "load" } = {}) =>
  run("dotnet", [program, ...args, ...place(name, database)], { env: { ...process.env, ...environment } }).trim();

/** The access token of an administrator. */
export const readToken = () => fs.readFileSync(tokenFile, "utf8");

/** Makes the database `load` with plain tables and records, unless it is there. */
export async function makeRecords() {
  if (sql("select 1 from pg_database where datname = 'load'", "postgres")) return;
  sql("create database load template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'", "postgres");
  note(`Making ${contacts} contacts ...`);
  sqlFile("plain.sql", { contacts, accounts });
  const server = await openXrm();
  note("Copying them into Xrm's tables ...");
  sqlFile("records.sql");
  fs.writeFileSync(tokenFile, xrm(["token", "create", "--name", "load"]));
  await stop(server);
}
