// Programs that run to their end, and servers that run beside the measurement.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { data } from "./settings.mjs";

const servers = new Set();

export const note = text => console.error(text);
export const rest = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Runs a program to its end and returns what it wrote. */
export function run(command, args, extra = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, ...extra });
  if (result.error?.code === "ENOENT") throw new Error(`${command} was not found. See tests/load/run --help for what is needed.`);
  if (result.status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${result.stdout ?? ""}${result.stderr ?? ""}`);
  return result.stdout;
}

/** Starts a server; what it writes goes to NAME.log. */
export function start(name, command, args, environment) {
  const log = fs.openSync(path.join(data, `${name}.log`), "w");
  const child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ["ignore", log, log] });
  fs.closeSync(log);
  servers.add(child);
  return child;
}

/** Ends a server and waits until it is gone. */
export async function stop(child) {
  servers.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise(resolve => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

export const stopAll = () => Promise.all([...servers].map(stop));

/** Waits until the server answers at the address with one of the statuses that `accept` takes. */
export async function until(child, url, what, { headers = {}, accept = status => status < 500, pause = 250 } = {}) {
  for (const end = performance.now() + 120_000; performance.now() < end && child.exitCode === null;) {
    try {
      const answer = await fetch(url, { headers });
      await answer.arrayBuffer();
      if (accept(answer.status)) return;
    } catch {
      // Not listening yet.
    }
    await rest(pause);
  }
  throw new Error(`${what} did not become ready; see ${data}.`);
}

/** Peak and present resident memory of a process, in MB. */
export function memory(pid) {
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  const read = field => Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)[1]) / 1024);
  return { now: read("VmRSS"), peak: read("VmHWM") };
}
