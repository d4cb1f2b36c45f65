// How soon a server answers after its start, and how much memory it takes.
import { load } from "./traffic.mjs";
import { operations } from "./operations.mjs";
import { memory, note, rest, stop, until } from "./processes.mjs";
import { addresses, seconds } from "./settings.mjs";
import { openXrm, readToken, startXrm } from "./xrm.mjs";

const idleAfter = 10_000;

/** Some operations by their names, in the order of the file. */
export const named = (...names) => operations.filter(operation => names.includes(operation.name));

/** Milliseconds from the start of the process to the first answered data request, for each of some starts. */
export async function measureStarts(times, where = {}) {
  // The first start brings the model into force, and is not counted.
  await stop(await openXrm(where));
  const starts = [];
  for (let turn = 1; turn <= times; turn++) {
    note(`Start ${turn} of ${times} ...`);
    const begin = performance.now();
    const server = startXrm(where);
    await answers(server, where);
    starts.push(performance.now() - begin);
    await stop(server);
  }
  return starts;
}

/** Resident memory in MB: ten seconds after a first request, and at most under load. */
export async function measureMemory(where = {}) {
  const server = startXrm(where);
  await answers(server, where);
  await rest(idleAfter);
  const idle = memory(server.pid).now;
  for (const operation of named("R1", "R2", "W1")) {
    note(`Memory under ${operation.name} ...`);
    load(operation.xrm, where.address ?? addresses.xrm, seconds, { token: readToken() });
  }
  const { peak } = memory(server.pid);
  await stop(server);
  return { idle, peak };
}

const answers = (server, { address = addresses.xrm }) => until(server, `${address}/api/data/bench_contacts?$top=1`, "Xrm",
  { headers: { Authorization: `Bearer ${readToken()}` }, accept: status => status === 200, pause: 5 });
