// Measures Xrm on one machine, beside what it is compared with, and prints tables of ratios: tests/load/run --help
import fs from "node:fs";
import { startCluster } from "./cluster.mjs";
import { stopAll } from "./processes.mjs";
import { data, measurement, refuse } from "./settings.mjs";
import { writeIds } from "./traffic.mjs";
import { build, makeRecords } from "./xrm.mjs";

const measurements = ["operations", "bulk", "start", "many", "publish", "rights"];
if (!measurements.includes(measurement)) refuse(measurement);
const { measure } = await import(`./measure/${measurement}.mjs`);

fs.mkdirSync(data, { recursive: true });
writeIds();
build();
const stopCluster = startCluster();
let closing;
const close = () => (closing ??= stopAll().then(stopCluster));
// Whoever breaks off leaves no server behind.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => close().finally(() => process.exit(1)));
try {
  await makeRecords();
  await measure();
} finally {
  await close();
}
