// A package of a thousand entities with 30 fields each.
import fs from "node:fs";
import path from "node:path";

export const entities = 1000;
const name = number => `many_item${number}`;
const repeat = (count, field) => Array.from({ length: count }, (_, index) => field(index + 1));
const options = ["draft", "open", "closed"].map(value => ({ value }));

const entity = number => ({
  name: name(number), plural: `${name(number)}s`, ownership: "user", primary: "name", features: ["audit"],
  fields: [
    { name: "name", type: "text", maxLength: 200, required: true },
    ...repeat(9, index => ({ name: `text${index}`, type: "text", maxLength: 100 })),
    ...repeat(5, index => ({ name: `integer${index}`, type: "integer" })),
    ...repeat(4, index => ({ name: `decimal${index}`, type: "decimal", precision: 18, scale: 2 })),
    ...repeat(3, index => ({ name: `date${index}`, type: "date", ...(index === 1 ? { index: true } : {}) })),
    ...repeat(3, index => ({ name: `boolean${index}`, type: "boolean", default: false })),
    ...repeat(3, index => ({ name: `choice${index}`, type: "choice", default: "draft", options })),
    // Each points to the one before, the first to itself.
    { name: "parent", type: "lookup", target: name(Math.max(1, number - 1)), onDelete: "setNull" },
    // Each tenth hangs on the contacts: a write is not free of the tables that point at the one it writes, see docs/performance.md.
    { name: "related", type: "lookup", target: number % 10 === 0 ? "bench_contact" : name(Math.max(1, number - 10)), onDelete: "setNull" },
  ],
});

/** Writes the package and returns its folder. */
export function writeManyPackage(parent) {
  const folder = path.join(parent, "many");
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(path.join(folder, "entities"), { recursive: true });
  const write = (file, content) => fs.writeFileSync(path.join(folder, file), JSON.stringify(content, null, 2));
  write("manifest.json", { formatVersion: 1, name: "many", version: "1.0.0", label: "Many", dependsOn: { bench: "^1.0" } });
  for (let number = 1; number <= entities; number++) write(`entities/${name(number)}.json`, entity(number));
  return folder;
}
