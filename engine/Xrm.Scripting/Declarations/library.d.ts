// The built-ins of JavaScript that scripts of rules have, and no others: the fifth edition, and what Sandbox/prelude.js adds.

declare const NaN: number;
declare const Infinity: number;
declare function parseInt(text: string, radix?: number): number;
declare function parseFloat(text: string): number;
declare function isNaN(value: number): boolean;
declare function isFinite(value: number): boolean;
declare function encodeURI(text: string): string;
declare function encodeURIComponent(text: string | number | boolean): string;
declare function decodeURI(text: string): string;
declare function decodeURIComponent(text: string): string;

type PropertyKey = string | number;
type Partial<T> = { [P in keyof T]?: T[P] };
type Required<T> = { [P in keyof T]-?: T[P] };
type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Record<K extends PropertyKey, T> = { [P in K]: T };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type Omit<T, K extends PropertyKey> = Pick<T, Exclude<keyof T, K>>;
type NonNullable<T> = T & {};
type Parameters<T extends (...args: any) => any> = T extends (...args: infer P) => any ? P : never;
type ReturnType<T extends (...args: any) => any> = T extends (...args: any) => infer R ? R : any;

interface IArguments {
  [index: number]: any;
  length: number;
}

interface ThisType<T> {}

interface Function {
  apply(self: any, args?: any): any;
  call(self: any, ...args: any[]): any;
  bind(self: any, ...args: any[]): any;
  prototype: any;
  readonly length: number;
}

interface CallableFunction extends Function {
  apply<T, R>(this: (this: T) => R, self: T): R;
  apply<T, A extends any[], R>(this: (this: T, ...args: A) => R, self: T, args: A): R;
  call<T, A extends any[], R>(this: (this: T, ...args: A) => R, self: T, ...args: A): R;
}

interface NewableFunction extends Function {}

interface Object {
  toString(): string;
  toLocaleString(): string;
  valueOf(): Object;
  hasOwnProperty(name: PropertyKey): boolean;
  isPrototypeOf(value: Object): boolean;
  propertyIsEnumerable(name: PropertyKey): boolean;
}

interface ObjectConstructor {
  (value?: any): any;
  keys(value: {}): string[];
  getOwnPropertyNames(value: {}): string[];
  freeze<T>(value: T): Readonly<T>;
  seal<T>(value: T): T;
  preventExtensions<T>(value: T): T;
  isFrozen(value: any): boolean;
  isSealed(value: any): boolean;
  isExtensible(value: any): boolean;
  assign<T extends {}, U>(target: T, source: U): T & U;
  assign(target: {}, ...sources: any[]): any;
  values<T>(value: { [name: string]: T } | ArrayLike<T>): T[];
  values(value: {}): any[];
  entries<T>(value: { [name: string]: T } | ArrayLike<T>): [string, T][];
  entries(value: {}): [string, any][];
  fromEntries<T>(entries: readonly (readonly [PropertyKey, T])[]): { [name: string]: T };
}
declare const Object: ObjectConstructor;

interface ArrayLike<T> {
  readonly length: number;
  readonly [index: number]: T;
}

interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
  toString(): string;
  toLocaleString(): string;
  concat(...items: (T | readonly T[])[]): T[];
  join(separator?: string): string;
  slice(start?: number, end?: number): T[];
  indexOf(value: T, from?: number): number;
  lastIndexOf(value: T, from?: number): number;
  every(test: (value: T, index: number, list: readonly T[]) => unknown, self?: any): boolean;
  some(test: (value: T, index: number, list: readonly T[]) => unknown, self?: any): boolean;
  forEach(visit: (value: T, index: number, list: readonly T[]) => void, self?: any): void;
  map<U>(convert: (value: T, index: number, list: readonly T[]) => U, self?: any): U[];
  filter<S extends T>(test: (value: T, index: number, list: readonly T[]) => value is S, self?: any): S[];
  filter(test: (value: T, index: number, list: readonly T[]) => unknown, self?: any): T[];
  reduce(join: (total: T, value: T, index: number, list: readonly T[]) => T): T;
  reduce<U>(join: (total: U, value: T, index: number, list: readonly T[]) => U, first: U): U;
  reduceRight(join: (total: T, value: T, index: number, list: readonly T[]) => T): T;
  reduceRight<U>(join: (total: U, value: T, index: number, list: readonly T[]) => U, first: U): U;
  includes(value: T): boolean;
  find(test: (value: T, index: number, list: readonly T[]) => unknown): T | undefined;
  findIndex(test: (value: T, index: number, list: readonly T[]) => unknown): number;
  findLast(test: (value: T, index: number, list: readonly T[]) => unknown): T | undefined;
  findLastIndex(test: (value: T, index: number, list: readonly T[]) => unknown): number;
  flat(): T extends readonly (infer U)[] ? U[] : T[];
  flatMap<U>(convert: (value: T, index: number, list: readonly T[]) => U | readonly U[]): U[];
  at(index: number): T | undefined;
}

interface Array<T> {
  length: number;
  [index: number]: T;
  toString(): string;
  toLocaleString(): string;
  push(...items: T[]): number;
  pop(): T | undefined;
  shift(): T | undefined;
  unshift(...items: T[]): number;
  concat(...items: (T | readonly T[])[]): T[];
  join(separator?: string): string;
  reverse(): T[];
  slice(start?: number, end?: number): T[];
  sort(compare?: (a: T, b: T) => number): this;
  splice(start: number, count?: number, ...items: T[]): T[];
  indexOf(value: T, from?: number): number;
  lastIndexOf(value: T, from?: number): number;
  every(test: (value: T, index: number, list: T[]) => unknown, self?: any): boolean;
  some(test: (value: T, index: number, list: T[]) => unknown, self?: any): boolean;
  forEach(visit: (value: T, index: number, list: T[]) => void, self?: any): void;
  map<U>(convert: (value: T, index: number, list: T[]) => U, self?: any): U[];
  filter<S extends T>(test: (value: T, index: number, list: T[]) => value is S, self?: any): S[];
  filter(test: (value: T, index: number, list: T[]) => unknown, self?: any): T[];
  reduce(join: (total: T, value: T, index: number, list: T[]) => T): T;
  reduce<U>(join: (total: U, value: T, index: number, list: T[]) => U, first: U): U;
  reduceRight(join: (total: T, value: T, index: number, list: T[]) => T): T;
  reduceRight<U>(join: (total: U, value: T, index: number, list: T[]) => U, first: U): U;
  includes(value: T): boolean;
  find(test: (value: T, index: number, list: T[]) => unknown): T | undefined;
  findIndex(test: (value: T, index: number, list: T[]) => unknown): number;
  findLast(test: (value: T, index: number, list: T[]) => unknown): T | undefined;
  findLastIndex(test: (value: T, index: number, list: T[]) => unknown): number;
  fill(value: T, start?: number, end?: number): this;
  flat(): T extends readonly (infer U)[] ? U[] : T[];
  flatMap<U>(convert: (value: T, index: number, list: T[]) => U | readonly U[]): U[];
  at(index: number): T | undefined;
}

interface ArrayConstructor {
  new <T = any>(length?: number): T[];
  <T = any>(length?: number): T[];
  isArray(value: any): value is any[];
  of<T>(...items: T[]): T[];
  from<T>(list: ArrayLike<T>): T[];
  from<T, U>(list: ArrayLike<T>, convert: (value: T, index: number) => U): U[];
}
declare const Array: ArrayConstructor;

interface TemplateStringsArray extends ReadonlyArray<string> {
  readonly raw: readonly string[];
}

interface String {
  readonly length: number;
  readonly [index: number]: string;
  toString(): string;
  valueOf(): string;
  charAt(index: number): string;
  charCodeAt(index: number): number;
  concat(...texts: string[]): string;
  indexOf(text: string, from?: number): number;
  lastIndexOf(text: string, from?: number): number;
  localeCompare(text: string): number;
  match(pattern: string | RegExp): RegExpMatch | null;
  replace(what: string | RegExp, by: string | ((found: string, ...parts: any[]) => string)): string;
  replaceAll(what: string, by: string): string;
  search(pattern: string | RegExp): number;
  slice(start?: number, end?: number): string;
  split(separator: string | RegExp, limit?: number): string[];
  substr(start: number, length?: number): string;
  substring(start: number, end?: number): string;
  toLowerCase(): string;
  toLocaleLowerCase(): string;
  toUpperCase(): string;
  toLocaleUpperCase(): string;
  trim(): string;
  trimStart(): string;
  trimEnd(): string;
  startsWith(text: string, from?: number): boolean;
  endsWith(text: string): boolean;
  includes(text: string, from?: number): boolean;
  repeat(count: number): string;
  padStart(length: number, by?: string): string;
  padEnd(length: number, by?: string): string;
  at(index: number): string | undefined;
}

interface StringConstructor {
  (value?: any): string;
  fromCharCode(...codes: number[]): string;
}
declare const String: StringConstructor;

interface Boolean {
  valueOf(): boolean;
}

interface BooleanConstructor {
  <T>(value?: T): boolean;
}
declare const Boolean: BooleanConstructor;

interface Number {
  toString(radix?: number): string;
  toLocaleString(): string;
  valueOf(): number;
  toFixed(digits?: number): string;
  toExponential(digits?: number): string;
  toPrecision(digits?: number): string;
}

interface NumberConstructor {
  (value?: any): number;
  readonly MAX_VALUE: number;
  readonly MIN_VALUE: number;
  readonly NaN: number;
  readonly NEGATIVE_INFINITY: number;
  readonly POSITIVE_INFINITY: number;
  isFinite(value: unknown): boolean;
  isNaN(value: unknown): boolean;
  isInteger(value: unknown): boolean;
  isSafeInteger(value: unknown): boolean;
  parseFloat(text: string): number;
  parseInt(text: string, radix?: number): number;
}
declare const Number: NumberConstructor;

interface Math {
  readonly E: number;
  readonly LN10: number;
  readonly LN2: number;
  readonly LOG2E: number;
  readonly LOG10E: number;
  readonly PI: number;
  readonly SQRT1_2: number;
  readonly SQRT2: number;
  abs(value: number): number;
  acos(value: number): number;
  asin(value: number): number;
  atan(value: number): number;
  atan2(y: number, x: number): number;
  ceil(value: number): number;
  cos(value: number): number;
  exp(value: number): number;
  floor(value: number): number;
  log(value: number): number;
  max(...values: number[]): number;
  min(...values: number[]): number;
  pow(base: number, exponent: number): number;
  random(): number;
  round(value: number): number;
  sin(value: number): number;
  sqrt(value: number): number;
  tan(value: number): number;
  trunc(value: number): number;
  sign(value: number): number;
  hypot(...values: number[]): number;
}
declare const Math: Math;

interface Date {
  toString(): string;
  toDateString(): string;
  toTimeString(): string;
  toISOString(): string;
  toJSON(): string;
  valueOf(): number;
  getTime(): number;
  getFullYear(): number;
  getUTCFullYear(): number;
  getMonth(): number;
  getUTCMonth(): number;
  getDate(): number;
  getUTCDate(): number;
  getDay(): number;
  getUTCDay(): number;
  getHours(): number;
  getUTCHours(): number;
  getMinutes(): number;
  getUTCMinutes(): number;
  getSeconds(): number;
  getUTCSeconds(): number;
  getMilliseconds(): number;
  getUTCMilliseconds(): number;
  setTime(time: number): number;
  setUTCFullYear(year: number, month?: number, date?: number): number;
  setUTCMonth(month: number, date?: number): number;
  setUTCDate(date: number): number;
  setUTCHours(hours: number, minutes?: number, seconds?: number, milliseconds?: number): number;
  setUTCMinutes(minutes: number, seconds?: number, milliseconds?: number): number;
  setUTCSeconds(seconds: number, milliseconds?: number): number;
  setUTCMilliseconds(milliseconds: number): number;
}

interface DateConstructor {
  new (): Date;
  new (value: number | string | Date): Date;
  new (year: number, month: number, date?: number, hours?: number, minutes?: number, seconds?: number, milliseconds?: number): Date;
  parse(text: string): number;
  UTC(year: number, month: number, date?: number, hours?: number, minutes?: number, seconds?: number, milliseconds?: number): number;
  now(): number;
}
declare const Date: DateConstructor;

interface RegExpMatch extends Array<string> {
  index?: number;
  input?: string;
}

interface RegExp {
  exec(text: string): RegExpMatch | null;
  test(text: string): boolean;
  toString(): string;
  readonly source: string;
  readonly global: boolean;
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  lastIndex: number;
}

interface RegExpConstructor {
  new (pattern: string, flags?: string): RegExp;
  (pattern: string, flags?: string): RegExp;
}
declare const RegExp: RegExpConstructor;

interface Error {
  name: string;
  message: string;
  toString(): string;
}

interface ErrorConstructor {
  new (message?: string): Error;
  (message?: string): Error;
  readonly prototype: Error;
}
declare const Error: ErrorConstructor;

interface TypeError extends Error {}
declare const TypeError: ErrorConstructor;

interface RangeError extends Error {}
declare const RangeError: ErrorConstructor;

interface SyntaxError extends Error {}
declare const SyntaxError: ErrorConstructor;

interface ReferenceError extends Error {}
declare const ReferenceError: ErrorConstructor;

interface JSON {
  parse(text: string): any;
  stringify(value: any, replacer?: null, space?: string | number): string;
}
declare const JSON: JSON;
