// Clients that keep the time of every request: a thread of their own, so that nothing else in the harness holds them up. Each client
// sends a request, waits for the answer, then rests: a load that leaves the machine room, so that what is slow has a cause.
import http from "node:http";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { accountIds, contactIds } from "./traffic.mjs";

const pause = 25;
const statuses = ["new", "active", "qualified", "inactive", "lost"];
const among = count => Math.floor(Math.random() * count);
const marks = {
  contact: () => contactIds[among(contactIds.length)],
  account: () => accountIds[among(accountIds.length)],
  status: () => statuses[among(5)],
  letter: () => String.fromCharCode(65 + among(26)),
  number: () => String(1 + among(1_000_000)),
  phone: () => `+1${1_000_000 + among(9_000_000)}`,
};
const fill = template => template.replace(/\{(\w+)\}/g, (mark, name) => marks[name]?.() ?? mark);

/**
 * Starts clients for each target (`{ name, method, path, body }`). The returned function ends them, and answers with the requests:
 * `{ name, begin, end, refusal }`, in milliseconds since 1970; a refusal says what went wrong.
 */
export function startClients(targets, address, token, clients) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { targets, address, token, clients }, argv: process.argv.slice(2) });
  const failed = new Promise((_, reject) => worker.once("error", reject));
  failed.catch(() => {});
  return () => {
    worker.postMessage("stop");
    return Promise.race([new Promise(resolve => worker.once("message", resolve)), failed]);
  };
}

function send({ address, token }, agent, target) {
  const body = target.body && fill(target.body);
  const headers = { Authorization: `Bearer ${token}`, ...(body ? { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) } : {}) };
  const begin = performance.timeOrigin + performance.now();
  return new Promise(resolve => {
    const done = refusal => resolve({ name: target.name, begin, end: performance.timeOrigin + performance.now(), refusal });
    const request = http.request(address + fill(target.path), { method: target.method ?? "GET", agent, headers }, answer => {
      const parts = [];
      answer.on("data", part => parts.push(part));
      answer.once("end", () => done(answer.statusCode < 300 ? undefined : `${answer.statusCode} ${Buffer.concat(parts)}`));
      answer.once("error", error => done(error.message));
    });
    request.once("error", error => done(error.message));
    request.end(body);
  });
}

async function work() {
  const { targets, clients } = workerData;
  const agent = new http.Agent({ keepAlive: true, maxSockets: targets.length * clients });
  const requests = [];
  let stopped = false;
  parentPort.once("message", () => (stopped = true));
  await Promise.all(targets.flatMap(target => Array.from({ length: clients }, async () => {
    // Not all at the same moment.
    await new Promise(resolve => setTimeout(resolve, among(pause)));
    while (!stopped) {
      requests.push(await send(workerData, agent, target));
      await new Promise(resolve => setTimeout(resolve, pause));
    }
  })));
  agent.destroy();
  parentPort.postMessage(requests);
}

if (!isMainThread) await work();
