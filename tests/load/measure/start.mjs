// Start and memory of a server, with the database running and the model in force.
import { median, table, whole } from "../figures.mjs";
import { measureMemory, measureStarts } from "../footprint.mjs";
import { turns } from "../settings.mjs";

export async function measure() {
  const starts = await measureStarts(turns);
  const { idle, peak } = await measureMemory();
  table(["measured", "Xrm", "needed"], [
    ["start of the process to the first answer", `${whole(median(starts))} ms`, "< 2,000 ms"],
    ["memory, idle", `${idle} MB`, "< 200 MB"],
    ["memory, at most under load (R1, R2, W1)", `${peak} MB`, "< 350 MB"],
  ]);
}
