const mapStart = '\n//# sourceMappingURL=data:application/json;base64,';
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Numbers in base 64 of variable length: five bits a digit, the lowest first; the sixth says that more follow, the lowest of all is the sign. */
function numbersIn(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const letter of segment) {
    const digit = digits.indexOf(letter);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

/** For each line of a compiled script, the one-based line that its author wrote; undefined for lines of nobody. Null for a script that runs as it was written. */
function authorsLines(script: string): (number | undefined)[] | null {
  const start = script.lastIndexOf(mapStart);
  if (start < 0) return null;
  try {
    const { mappings } = JSON.parse(atob(script.slice(start + mapStart.length).trim())) as { mappings: string };
    let from = 0;
    return mappings.split(';').map((line) => {
      const lines = line.split(',').filter(Boolean).flatMap((segment) => {
        const numbers = numbersIn(segment);
        // A part of one number is the compiler's own and comes from no line.
        if (numbers.length < 4) return [];
        from += numbers[2] ?? 0;
        return [from + 1];
      });
      return lines[0];
    });
  } catch {
    return null;
  }
}

/** The line that the author of a script wrote, of a line of what runs. Source maps are revision 3, ECMA-426. */
export function authorsLine(script: string, line: number | null): number | null {
  const lines = line === null ? null : authorsLines(script);
  return lines && line !== null ? (lines[line - 1] ?? null) : line;
}
