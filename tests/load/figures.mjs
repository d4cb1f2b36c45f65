// Numbers as people read them.

/** The value below which the share of all values lies; undefined where there are none. */
export const quantile = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];
export const median = list => quantile(list, 0.5);
export const whole = value => (value === undefined ? "-" : Math.round(value).toLocaleString("en"));
export const fixed = (value, digits) => (value === undefined ? "-" : value.toFixed(digits));

/** Prints a Markdown table. */
export function table(headings, rows) {
  const line = cells => `| ${cells.join(" | ")} |`;
  console.log([line(headings), line(headings.map(() => "---")), ...rows.map(line), ""].join("\n"));
}
