/** How hard a password is to guess: from 0, which is refused, to 4. */
export type Strength = 0 | 1 | 2 | 3 | 4;

/** What would be refused, or what makes a password easier to guess than it looks. */
export type Weakness = 'short' | 'name' | 'few' | 'pattern';

/** An estimate of a password. */
export interface Estimate {
  strength: Strength;
  weakness: Weakness | null;
}

/** The shortest password that the server takes. */
export const shortestPassword = 12;

const fewestDifferent = 5;
const longestPart = 12;
const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/];
// Bits that a character adds, by how many kinds of characters there are: words are no random letters.
const bitsByKinds = [0, 2.5, 3, 3.4, 3.8];
const steps: [number, Strength][] = [[80, 4], [58, 3], [40, 2]];
const rows = ['qwertyuiop', 'qwertzuiop', 'asdfghjkl', 'zxcvbnm', 'yxcvbnm'];

/** True where three characters from a place on go up, go down, stay, or lie side by side on a keyboard. */
function isRowAt(text: string, at: number): boolean {
  const three = text.slice(at, at + 3);
  if (at < 0 || three.length < 3) return false;
  const [first, second] = [three.charCodeAt(1) - three.charCodeAt(0), three.charCodeAt(2) - three.charCodeAt(1)];
  return (first === second && Math.abs(first) <= 1) || rows.some((row) => row.includes(three));
}

/** Characters that somebody who tries rows and repetitions does not get for nothing. */
function surprising(text: string): number {
  const lower = text.toLowerCase();
  let count = 0;
  for (let at = 0; at < lower.length; ) {
    const repeated = repeatedAt(lower, at);
    count += repeated > 0 || [at - 2, at - 1, at].some((start) => isRowAt(lower, start)) ? 0.3 : 1;
    at += Math.max(1, repeated);
  }
  return count;
}

/** How many characters from a place on have stood before it already; 0 for fewer than three. */
function repeatedAt(text: string, at: number): number {
  for (let length = Math.min(longestPart, at, text.length - at); length >= 3; length--) if (text.slice(0, at).includes(text.slice(at, at + length))) return length;
  return 0;
}

/**
 * Estimates a password while it is typed. The server decides: it also refuses what attackers try first, which is too long a list for a page.
 * @param userName the sign-in name, which a password must not contain; empty where it is not known
 */
export function estimatePassword(password: string, userName: string): Estimate {
  if (password.length < shortestPassword) return { strength: 0, weakness: 'short' };
  if (userName && password.toLowerCase().includes(userName.toLowerCase())) return { strength: 0, weakness: 'name' };
  if (new Set(password).size < fewestDifferent) return { strength: 0, weakness: 'few' };
  const count = surprising(password);
  const bits = count * (bitsByKinds[classes.filter((each) => each.test(password)).length] ?? 0);
  return { strength: steps.find(([least]) => bits >= least)?.[1] ?? 1, weakness: count < password.length * 0.7 ? 'pattern' : null };
}
